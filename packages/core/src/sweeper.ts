/** Has expired records removed, now and then or when asked. One sweep at a time. */
export interface Sweeper {
  /** Records removed. Joins a sweep that is under way. */
  sweep(): Promise<number>;
  stop(): void;
}

/** Runs `task` `interval` ms after each end of it; 0: only when asked. */
export function sweeper(task: () => Promise<number>, interval: number): Sweeper {
  let pause = interval;
  let running: Promise<number> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function sweep(): Promise<number> {
    running ??= task().finally(() => {
      running = undefined;
    });
    return running;
  }

  /** From the end of one sweep to the next: a slow store is never swept twice at once. */
  function schedule(): void {
    if (pause === 0) return;
    timer = setTimeout(() => {
      // A failure is seen on the diagnostics channel, and the next sweep is on its way.
      const swept = sweep().catch(() => 0);
      void swept.then(schedule);
    }, pause);
    timer.unref();
  }

  function stop(): void {
    pause = 0;
    clearTimeout(timer);
  }

  schedule();
  return { sweep, stop };
}

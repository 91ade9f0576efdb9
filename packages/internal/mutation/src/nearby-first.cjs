const { default: Sequencer } = require("@jest/test-sequencer");

module.exports = class NearbyFirst extends Sequencer {
  sort(suites) {
    return [...suites].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};

// Forgets to call serveStore().

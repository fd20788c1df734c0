'use strict';

// kinesis-local reads its certificate (server.json) from the folder it is started in, so it is
// started in its own. Whoever starts this holds the other end of stdin: when that end is gone,
// also because its process was killed, nothing is left behind here.

const path = require('path');

process.chdir(path.dirname(require.resolve('kinesis-local')));
if (!process.stdin.isTTY) {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.resume();
}
require('kinesis-local');

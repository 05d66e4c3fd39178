// ssh2_client.js PORT KEY: what the npm package ssh2 offers, against the server on PORT.
'use strict';

const assert = require('assert');
const fs = require('fs');
const crypto = require('crypto');
const { promisify } = require('util');
const { Client } = require('ssh2');

const [port, key, folder] = process.argv.slice(2);
const content = crypto.randomBytes(3000000);

async function work(sftp) {
  const call = (name, ...args) => promisify(sftp[name]).call(sftp, ...args);
  const local = folder + '/ssh2';
  fs.writeFileSync(local, content);
  await call('mkdir', 'd');
  await call('fastPut', local, 'd/up');
  await call('fastGet', 'd/up', local + '.back');
  assert(fs.readFileSync(local + '.back').equals(content));
  assert.deepStrictEqual((await call('readdir', 'd')).map((entry) => entry.filename), ['up']);
  await call('rename', 'd/up', 'd/renamed');
  await call('chmod', 'd/renamed', 0o640);
  await call('utimes', 'd/renamed', 1000000000, 1100000000);
  const status = await call('stat', 'd/renamed');
  assert.strictEqual(status.size, content.length);
  assert.strictEqual(status.mode & 0o777, 0o640);
  assert.strictEqual(status.mtime, 1100000000);
  await call('symlink', 'renamed', 'd/link');
  assert.strictEqual(await call('readlink', 'd/link'), 'renamed');
  assert((await call('lstat', 'd/link')).isSymbolicLink());
  await call('appendFile', 'd/renamed', Buffer.from('tail'));
  assert((await call('readFile', 'd/renamed')).equals(Buffer.concat([content, Buffer.from('tail')])));
  await assert.rejects(call('stat', 'missing'), { code: 2 });
  await call('ext_openssh_rename', 'd/renamed', 'd/link');
  await call('unlink', 'd/link');
  await call('rmdir', 'd');
  assert.strictEqual(await call('realpath', 'd/..'), '/');
}

const client = new Client();
client.on('ready', () => {
  client.sftp((error, sftp) => {
    if (error) throw error;
    work(sftp).then(() => {
      console.log('done');
      client.end();
    });
  });
});
client.on('error', (error) => { throw error; });
process.on('unhandledRejection', (error) => { throw error; });
client.connect({ host: '127.0.0.1', port: Number(port), username: 'alice', privateKey: fs.readFileSync(key) });

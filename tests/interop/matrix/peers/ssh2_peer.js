// ssh2_peer.js client|server FOLDER: see README.md. ssh2 is the package of npm.
'use strict';

const fs = require('fs');
const readline = require('readline');
const { Client, Server, utils } = require('ssh2');
const known = require('ssh2/lib/protocol/constants');

const [role, folder] = process.argv.slice(2);
const algorithms = {
  // Its server offers the group exchange and refuses it.
  kex: known.SUPPORTED_KEX.filter((name) => role === 'client' || !name.includes('group-exchange')),
  serverHostKey: known.SUPPORTED_SERVER_HOST_KEY,
  cipher: known.SUPPORTED_CIPHER,
  hmac: known.SUPPORTED_MAC,
  compress: known.SUPPORTED_COMPRESSION,
};

function logIn(port, keyFile, content) {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on('error', reject);
    client.on('close', () => reject(new Error('closed')));
    client.on('ready', () => {
      client.exec('cat', (error, channel) => {
        if (error) return reject(error);
        const back = [];
        channel.on('data', (data) => back.push(data));
        channel.on('close', (status) => {
          client.end();
          if (status === 0 && Buffer.concat(back).equals(content)) resolve();
          else reject(new Error('other bytes came back'));
        });
        channel.end(content);
      });
    });
    client.connect({ host: '127.0.0.1', port, username: 'alice', privateKey: fs.readFileSync(keyFile), algorithms });
  });
}

async function client() {
  const content = fs.readFileSync(folder + '/content');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [port, keyFile] = line.split(' ');
    try {
      await logIn(Number(port), keyFile, content);
      console.log('result: ok');
    } catch (error) {
      console.log('result: ' + String(error).replace(/\n/g, ' '));
    }
  }
}

function onSession(accept) {
  accept().on('exec', (acceptExec, reject, info) => {
    if (info.command !== 'cat') return reject();
    const channel = acceptExec();
    channel.on('data', (data) => channel.write(data));
    channel.on('end', () => {
      channel.exit(0);
      channel.end();
    });
  });
}

function server() {
  const users = fs.readFileSync(folder + '/authorized_keys', 'utf8').trim().split('\n').map((line) => utils.parseKey(line));
  const hostKeys = fs.readdirSync(folder).filter((name) => /^host_[^.]*$/.test(name));
  const signedIn = (context) => {
    const key = users.find((user) => user.getPublicSSH().equals(context.key ? context.key.data : Buffer.alloc(0)));
    if (!key || context.username !== 'alice') return false;
    return !context.signature || key.verify(context.blob, context.signature, context.hashAlgo) === true;
  };
  const listener = new Server({ hostKeys: hostKeys.map((name) => fs.readFileSync(`${folder}/${name}`)), algorithms }, (peer) => {
    peer.on('authentication', (context) => {
      if (context.method === 'publickey' && signedIn(context)) context.accept();
      else context.reject(['publickey']);
    });
    peer.on('ready', () => peer.on('session', onSession));
    peer.on('error', () => {});
  });
  listener.listen(0, '127.0.0.1', () => console.log('listening ' + listener.address().port));
}

if (role === 'client') client();
else server();

#!/bin/bash
# Writes the files of keys/ in other forms to key_files/, with OpenSSH's ssh-keygen and OpenSSL. NAME.… holds the key of
# keys/NAME. Where a form is encrypted, the passphrase is "passphrase".
set -euo pipefail
cd "$(dirname "$0")"
rm -rf key_files
mkdir key_files
cd key_files
pass=pass:passphrase

# In another form: NAME FILE ssh-keygen's options.
convert() {
  cp "../keys/$1" "$2"
  chmod 600 "$2"
  ssh-keygen -q -p -P '' "${@:3}" -f "$2"
}

for cipher in aes{256,192,128}-{ctr,cbc} aes{256,128}-gcm@openssh.com chacha20-poly1305@openssh.com; do
  convert ed25519 "ed25519.openssh.${cipher%@*}" -N passphrase -a 4 -Z "$cipher"
done
for name in ecdsa_256 ecdsa_384 ecdsa_521 rsa_2048; do
  convert $name $name.openssh.aes256-ctr -N passphrase -a 4
  convert $name $name.pem -N '' -m PEM
  convert $name $name.pem.aes128 -N passphrase -m PEM
  convert $name $name.pkcs8 -N '' -m PKCS8
  convert $name $name.pkcs8.ssh-keygen -N passphrase -m PKCS8
done

for cipher in aes192 aes256 des3; do
  openssl rsa -in rsa_2048.pem -traditional -$cipher -passout $pass -out rsa_2048.pem.$cipher
  openssl ec -in ecdsa_256.pem -$cipher -passout $pass -out ecdsa_256.pem.$cipher
done
# As `openssl ecparam -genkey` writes it.
{ openssl ecparam -name prime256v1; cat ecdsa_256.pem; } > ecdsa_256.pem.parameters

# RFC 8410 §7 around the seed, which ssh-keygen does not write.
python3 - <<'PYTHON' | openssl pkey -inform DER -out ed25519.pkcs8
import base64, sys
body = ''.join(open('../keys/ed25519').read().split('\n')[1:-2])
file = base64.b64decode(body)
public = base64.b64decode(open('../keys/ed25519.pub').read().split()[1])[-32:]
seed = file[file.rindex(public) - 32:][:32]
sys.stdout.buffer.write(bytes.fromhex('302e020100300506032b657004220420') + seed)
PYTHON
encrypt() { openssl pkcs8 -topk8 -in "$1.pkcs8" "${@:3}" -passout $pass -out "$1.pkcs8.$2"; }
encrypt ed25519 aes256
encrypt ecdsa_256 aes128-sha1 -v2 aes-128-cbc -v2prf hmacWithSHA1
encrypt ecdsa_384 aes192-sha512 -v2 aes-192-cbc -v2prf hmacWithSHA512
encrypt ecdsa_521 des3 -v2 des3
encrypt rsa_2048 scrypt -scrypt

# What is not read.
mkdir unsupported
openssl pkcs8 -topk8 -in rsa_2048.pkcs8 -v1 PBE-SHA1-3DES -passout $pass -out unsupported/pbes1
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out unsupported/secp256k1.pkcs8
openssl ec -in unsupported/secp256k1.pkcs8 -out unsupported/secp256k1.pem
openssl ec -in ecdsa_256.pem -aria128 -passout $pass -out unsupported/aria
openssl genpkey -algorithm ed448 -out unsupported/ed448
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out unsupported/rsa_pss
openssl dsaparam -genkey -noout -out unsupported/dsa 1024
openssl pkey -in rsa_2048.pem -pubout -out unsupported/public_key
openssl genrsa -traditional -out unsupported/rsa_1024 1024
chmod 644 *.* unsupported/*

// Gets or puts one file with golang.org/x/crypto/ssh and github.com/pkg/sftp, and prints the cipher that was asked for.
//
//	pkg_sftp PORT USER KEY CIPHERS DIRECTION LOCAL REMOTE
//
// The first of CIPHERS (names, comma separated) is the one that is used. Requests are kept under way in both directions.
// The server is our own: its host key is not looked at.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

func need[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func connect(port, user, key, cipher string) *sftp.Client {
	signer := need(ssh.ParsePrivateKey(need(os.ReadFile(key))))
	config := &ssh.ClientConfig{
		Config:          ssh.Config{Ciphers: []string{cipher}},
		User:            user,
		Auth:            []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	}
	connection := need(ssh.Dial("tcp", "127.0.0.1:"+port, config))
	return need(sftp.NewClient(connection, sftp.UseConcurrentReads(true), sftp.UseConcurrentWrites(true)))
}

func main() {
	if len(os.Args) != 8 {
		log.Fatal("usage: pkg_sftp PORT USER KEY CIPHERS get|put LOCAL REMOTE")
	}
	cipher := strings.Split(os.Args[4], ",")[0]
	client := connect(os.Args[1], os.Args[2], os.Args[3], cipher)
	var source io.ReadCloser
	var target io.WriteCloser
	if os.Args[5] == "get" {
		source, target = need(client.Open(os.Args[7])), need(os.Create(os.Args[6]))
	} else {
		source, target = need(os.Open(os.Args[6])), need(client.Create(os.Args[7]))
	}
	// io.Copy finds WriteTo of the remote file, or its ReadFrom.
	need(io.Copy(target, source))
	if err := target.Close(); err != nil {
		log.Fatal(err)
	}
	source.Close()
	client.Close()
	fmt.Println(cipher)
}

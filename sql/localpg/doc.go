// Package localpg runs a private PostgreSQL for one folder: found on the
// machine or fetched, started on a free port of 127.0.0.1, stopped with its
// owner. "fund up" lives on it, and the tests do.
//
// Its rules:
//
//   - One folder, one cluster, one owner. The owner holds a file lock for as
//     long as it runs; a second start is refused with [ErrRunning].
//   - The lock dies with its owner, the server does not always. What a killed
//     owner left behind is stopped before the next start, so nobody has to
//     tidy up by hand.
//   - PostgreSQL refuses to run as root. Started by root it runs under an
//     unprivileged account, in a folder which that account can reach.
//   - Whatever is unusual (where the data lie, what is installed or fetched)
//     is said on one line through Options.Say.
//
// The folder holds:
//
//	lock           who runs here; locked as long as they do
//	home           where the data lie, if not here
//	password       of the role fund, mode 0600
//	cluster.json   port and process of the running server, for [Running]
//	postgres.log   what the server says
//	data/          the cluster itself
package localpg

package localpg

import "syscall"

// dieWithParent has the kernel ask for a fast shutdown when the owner is
// killed, so that no server is left running without one.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGINT }

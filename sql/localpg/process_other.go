//go:build !linux

package localpg

import "syscall"

// dieWithParent does nothing here: only Linux tells a child of its parent's end.
// The next start stops what was left behind.
func dieWithParent(*syscall.SysProcAttr) {}

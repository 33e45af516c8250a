package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fund/workflow"
)

// noSuchVersion is an ETag that nothing ever had: it is stale everywhere.
const noSuchVersion int64 = -2

// etag is the strong ETag of a version.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// digestTag is the ETag of what has no version of its own: of its bytes.
func digestTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// tagsIn lists the entity tags of a header. Weak ones are kept with their W/:
// they never match, as RFC 9110 wants a strong comparison of If-Match.
func tagsIn(h http.Header, name string) (tags []string) {
	for _, line := range h.Values(name) {
		for t := range strings.SplitSeq(line, ",") {
			if t = strings.TrimSpace(t); t != "" {
				tags = append(tags, t)
			}
		}
	}
	return tags
}

// ifMatch gives the version that the caller saw: NoVersion without If-Match,
// AnyVersion for *, and of several tags the newest, as versions only rise.
func ifMatch(r *http.Request) int64 {
	tags := tagsIn(r.Header, "If-Match")
	if len(tags) == 0 {
		return workflow.NoVersion
	}
	seen := noSuchVersion
	for _, t := range tags {
		if t == "*" {
			return workflow.AnyVersion
		}
		n, err := strconv.ParseInt(strings.Trim(t, `"`), 10, 64)
		if err == nil && n > 0 && etag(n) == t {
			seen = max(seen, n)
		}
	}
	return seen
}

// optionalMatch is ifMatch where none may be given.
func optionalMatch(r *http.Request) int64 {
	if v := ifMatch(r); v != workflow.NoVersion {
		return v
	}
	return workflow.AnyVersion
}

// matchesTag checks If-Match, where it was sent, against a tag that is no version.
func matchesTag(r *http.Request, tag string) error {
	tags := tagsIn(r.Header, "If-Match")
	if len(tags) == 0 || slices.Contains(tags, "*") || slices.Contains(tags, tag) {
		return nil
	}
	return workflow.ErrStale
}

// notModified tells whether the caller has these bytes already.
func notModified(r *http.Request, tag string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	tags := tagsIn(r.Header, "If-None-Match")
	return slices.ContainsFunc(tags, func(t string) bool { return t == "*" || strings.TrimPrefix(t, "W/") == tag })
}

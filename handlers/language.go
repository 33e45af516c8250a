package handlers

import (
	"net/http"
	"time"

	"fund/workflow/lang"
)

// langCookie remembers the language that was chosen with the switch.
const langCookie = "lang"

// LangOf gives the language of a request: ?lang=, then what the cookie
// remembers, then the browser's wish, then Swedish. chosen tells that ?lang=
// said it, so that it shall be remembered with LangCookie.
func LangOf(r *http.Request) (l lang.Lang, chosen bool) {
	if l, ok := known(r.URL.Query().Get("lang")); ok {
		return l, true
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := known(c.Value); ok {
			return l, false
		}
	}
	return lang.Parse(r.Header.Get("Accept-Language")), false
}

func known(s string) (lang.Lang, bool) {
	switch l := lang.Lang(s); l {
	case lang.SV, lang.EN:
		return l, true
	default:
		return "", false
	}
}

// LangCookie remembers a language for a year. secure is true where the service
// is reached over HTTPS.
func LangCookie(l lang.Lang, secure bool) *http.Cookie {
	return &http.Cookie{
		Name: langCookie, Value: string(l), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

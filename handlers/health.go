package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyLimit is how long a part may take to say that it is there.
const readyLimit = 2 * time.Second

// healthz says that the process runs; it asks nobody.
func (s *Server) healthz(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

// readyz says whether requests can be served: the database, and what Deps.Ready names.
func (s *Server) readyz(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyLimit)
	defer cancel()
	status, parts := http.StatusOK, gin.H{}
	ask := func(name string, ok func(context.Context) error) {
		parts[name] = "ok"
		if err := ok(ctx); err != nil {
			status, parts[name] = http.StatusServiceUnavailable, "not ready"
			s.log.WarnContext(ctx, "not ready", "part", name, "error", err)
		}
	}
	ask("database", s.store.Ping)
	for name, ok := range s.Ready {
		ask(name, ok)
	}
	word := "ok"
	if status != http.StatusOK {
		word = "not ready"
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(status, gin.H{"status": word, "parts": parts})
}

// meter counts requests.
type meter struct {
	requests *prometheus.HistogramVec
}

func newMeter(r *prometheus.Registry) meter {
	m := meter{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "fund_http_request_duration_seconds", Help: "Time to answer, by method, kind of path and status.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
	}, []string{"method", "area", "status"})}
	r.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe notes one answer. The path itself is no label: it holds numbers of cases.
func (m meter) observe(r *http.Request, status int, took time.Duration) {
	m.requests.WithLabelValues(method(r.Method), area(r.URL.Path), strconv.Itoa(status)).Observe(took.Seconds())
}

func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// MetricsHandler serves the numbers in Prometheus' text form, here or at FUND_METRICS_ADDR.
func (s *Server) MetricsHandler() http.Handler {
	return promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{})
}

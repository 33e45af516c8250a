package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// redisPing asks whether Redis answers.
func redisPing(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		o, err := redis.ParseURL(url)
		if err != nil {
			return fmt.Errorf("REDIS_URL: %w", err)
		}
		c := redis.NewClient(o)
		return errors.Join(c.Ping(ctx).Err(), c.Close())
	}
}

// redisLog takes what the Redis client has to say into the program's own log, as
// it would print lines of another form between them.
type redisLog struct{ log *slog.Logger }

// Printf is what the client calls.
func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.WarnContext(ctx, fmt.Sprintf(format, v...))
}

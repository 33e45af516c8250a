package main

import (
	"context"
	"errors"
	"fmt"

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

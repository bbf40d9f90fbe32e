package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type Color int

const (
	Red Color = iota
	Green
	Blue
)

const (
	_  = iota
	KB = 1 << (10 * iota)
	MB
)

func (c Color) String() string {
	switch c {
	case Red:
		return "red"
	case Green:
		return "green"
	case Blue:
		return "blue"
	}
	return "?"
}

type Shape interface {
	Area() float64
	Name() string
}

type base struct {
	name string
}

func (b base) Name() string { return b.name }

type Square struct {
	base
	side float64
}

func (s Square) Area() float64 {
	return s.side * s.side
}

type Circle struct {
	r    float64
	tags []string
}

func (c *Circle) Area() float64 {
	return 3 * c.r * c.r
}

func (c *Circle) Name() string {
	return strings.Join(c.tags, ",")
}

type notFound struct {
	what string
}

func (e *notFound) Error() string {
	return e.what
}

var errEmpty = errors.New("empty")

type byArea []Shape

func (b byArea) Len() int           { return len(b) }
func (b byArea) Less(i, j int) bool { return b[i].Area() < b[j].Area() }
func (b byArea) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func find(shapes []Shape, name string) (Shape, error) {
	if len(shapes) == 0 {
		return nil, errEmpty
	}
	for _, s := range shapes {
		if s.Name() == name {
			return s, nil
		}
	}
	return nil, &notFound{what: name}
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func describe(s Shape) string {
	switch v := s.(type) {
	case Square:
		return fmt.Sprint("square", v.side)
	case *Circle:
		return fmt.Sprint("circle", v.r)
	default:
		return "other"
	}
}

func main() {
	shapes := []Shape{Square{base{"a"}, 2}, &Circle{r: 1, tags: []string{"x"}}}
	sort.Sort(byArea(shapes))
	for i, s := range shapes {
		fmt.Println(i, describe(s), Blue, MB)
	}
	names := Map(shapes, func(s Shape) string { return s.Name() })
	fmt.Println(names)
	s, err := find(shapes, "a")
	if err != nil {
		var missing *notFound
		if errors.As(err, &missing) {
			fmt.Println(missing.what, KB)
		}
		return
	}
	fmt.Println(s)
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>

#define MAX_NAME 32
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SQUARE(x) ((x) * (x))

#ifndef DEBUG
#define LOG(fmt, ...) ((void)0)
#else
#define LOG(fmt, ...) fprintf(stderr, fmt, __VA_ARGS__)
#endif

enum color { RED, GREEN, BLUE };

typedef enum {
    SHAPE_CIRCLE,
    SHAPE_SQUARE,
    SHAPE_COUNT
} shape_kind;

struct point;

typedef struct shape {
    shape_kind kind;
    char name[MAX_NAME];
    union {
        double radius;
        double side;
    } size;
    struct shape *next;
} shape_t;

struct point {
    int x, y;
};

typedef double (*area_fn)(const shape_t *);

static double circle_area(const shape_t *s);
static double square_area(const shape_t *s);

static const area_fn areas[SHAPE_COUNT] = {
    [SHAPE_CIRCLE] = circle_area,
    [SHAPE_SQUARE] = square_area,
};

static const char *const names[] = {
    "circle",
    "square",
};

static int counter;

static double circle_area(const shape_t *s) {
    return 3.14 * SQUARE(s->size.radius);
}

static double square_area(const shape_t *s)
{
    return SQUARE(s->size.side);
}

static const char *color_name(enum color c) {
    switch (c) {
    case RED:
        return "red";
    case GREEN:
        return "green";
    case BLUE:
        break;
    }
    return "blue";
}

#if defined(_WIN32)
#include <windows.h>
static void pause_for(int n) { Sleep(n); }
#elif defined(__linux__)
#include <unistd.h>
static void pause_for(int n) { usleep(n); }
#else
static void pause_for(int n) { (void)n; }
#endif

shape_t *make(shape_kind kind, double size) {
    shape_t *s = malloc(sizeof(*s));
    if (!s)
        return NULL;
    s->kind = kind;
    s->size.side = size;
    s->next = NULL;
    strncpy(s->name, names[kind], MAX_NAME - 1);
    s->name[MAX_NAME - 1] = '\0';
    counter++;
    LOG("made %d\n", counter);
    return s;
}

static bool check(const shape_t *s, struct point p) {
    if (s == NULL || p.x < 0)
        goto bad;
    return areas[s->kind](s) > 0;
bad:
    return false;
}

int main(int argc, char **argv) {
    shape_t *list = NULL;
    struct point origin = { .x = 0, .y = 0 };
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        shape_t *s = make((shape_kind)i, 2.0);
        s->next = list;
        list = s;
    }
    while (list) {
        shape_t *next = list->next;
        printf("%s %f %d\n", list->name, areas[list->kind](list), check(list, origin));
        free(list);
        list = next;
    }
    pause_for(argc);
    puts(color_name(GREEN));
    return argv == NULL;
}

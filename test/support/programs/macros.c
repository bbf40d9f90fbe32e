#include <stdio.h>
#include <stdlib.h>

#ifndef LIMIT
#define LIMIT 10
#endif
#define MAX(a, b) \
    ((a) > (b) ? (a) : (b))
#define FOR_EACH(x, xs, n) for (int x = 0; x < (n); x++)

typedef struct node {
    int value;
    struct node *next;
} node_t;

static int (*handlers[2])(int, int);

static int add(int a, int b) { return a + b; }

#ifdef DEBUG
static void trace(const char *text) { fprintf(stderr, "%s\n", text); }
#else
#define trace(text) ((void)0)
#endif

node_t *push(node_t *head, int value) {
    node_t *fresh = malloc(sizeof *fresh);
    if (fresh == NULL)
        goto fail;
    fresh->value = value;
    fresh->next = head;
    return fresh;
fail:
    trace("no memory");
    return NULL;
}

int main(void) {
    node_t *head = NULL;
    handlers[0] = add;
    FOR_EACH(i, head, LIMIT) {
        head = push(head, MAX(i, 3));
    }
    do {
        printf("%d\n", handlers[0](head->value, 1));
    } while (0);
    switch (head->value) {
    case 1: {
        break;
    }
    case 2:
    default:
        return 1;
    }
    return 0;
}

#include <stdio.h>
#ifdef __cplusplus
extern "C" {
#endif

#define EACH(i, n) for (int i = 0; i < (n); i++)
#define FOREVER for (;;)
#define API
#define UNUSED __attribute__((unused))
#define DEFINE_PAIR(name, type) struct name { type a, b; };
#define TEST(name) static int test_##name(void)
#define LIST(X) X(ONE) X(TWO)
#define COLOR(x) COLOR_##x,

#ifdef DEBUG
static int depth;
static void trace(const char *text) {
    depth++;
    fprintf(stderr, "%s\n", text);
}
#else
#define depth 0
#define trace(text) ((void)0)
#endif

DEFINE_PAIR(pair, int)

enum color { LIST(COLOR) COLOR_LAST };

API int total(struct pair *p);

API int
total(struct pair *p)
{
    trace("total");
    return p->a + p->b + depth;
}

TEST(first)
{
    struct pair p = { 1, 2 };
    return total(&p) == 3;
}

static int run(int argc UNUSED) {
    int sum = 0;
    EACH(i, 10)
    {
        if (i == 3)
            continue;
        sum += i;
    }
    EACH(j, 3)
        sum += j;
    FOREVER {
        if (sum > 3) break;
        sum++;
    }
#ifdef SLOW
    if (sum > 100) {
        sum = 100;
#else
    if (sum > 10) {
#endif
        trace("big");
        sum--;
    }
    return sum;
}

int main(int argc, char **argv) {
    (void)argv;
    if (!test_first())
        return 1;
    switch (run(argc)) {
    case COLOR_ONE:
        puts("one");
        break;
    case COLOR_TWO:
    default:
        break;
    }
    return 0;
}
#ifdef __cplusplus
}
#endif

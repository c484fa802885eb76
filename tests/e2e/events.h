/* What the log of a run says. A call that fails fails the test. */
#ifndef S2S_TEST_EVENTS_H
#define S2S_TEST_EVENTS_H

enum { EVENTS_MOST = 4096 };

/* All values that the events of one kind have for a key. */
typedef struct values {
    double of[EVENTS_MOST];
    int n;
} values;

/* `output`: the run's folder in the scratch folder. */
values read_events(const char *output, const char *kind, const char *key);

#endif

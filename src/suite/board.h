/* The scoreboard: the scores of every cell that is done, how sure they are, and how they differ from the
 * baseline's. Computed anew from the kept outputs, so that metrics and references may change. */
#ifndef S2S_SUITE_BOARD_H
#define S2S_SUITE_BOARD_H

#include "metric/tally.h"
#include "suite/agenda.h"
#include "suite/facts.h"
#include "suite/texts.h"

/* One metric of a row. */
typedef struct s2s_board_score {
    const s2s_metric *metric; /* the test set's */
    const s2s_metric *line;
    s2s_tally tally; /* the statistics of each line, and their sum */
    s2s_score score;
    s2s_interval interval;
    double delta; /* to the baseline's score; 0 without one */
    double p;     /* of no difference; 1 without a baseline */
    bool significant;
} s2s_board_score;

typedef struct s2s_board_row {
    const s2s_agenda_cell *cell;
    bool present; /* the cell is done; nothing below is set where it is not */
    s2s_cell_facts facts;
    s2s_texts output;
    s2s_board_score *scores; /* [metrics] */
    int against;             /* the row that it is compared with; -1: none */
} s2s_board_row;

typedef struct s2s_board {
    const s2s_agenda *agenda;
    s2s_board_row *rows; /* [n], as the agenda's cells */
    int n, metrics;
    bool compared; /* there is a baseline */
} s2s_board;

/* Scores all cells that are done. After a failure nothing is held. */
s2s_status s2s_board_create(s2s_board *board, const s2s_agenda *agenda, s2s_err *err);
void s2s_board_release(s2s_board *board); /* all zero is fine */

/* The statistics of one line, [s2s_metric_width]; borrowed. */
const double *s2s_board_segment(const s2s_board_score *score, size_t line);
/* The score of one line alone. */
double s2s_board_line(const s2s_board_score *score, size_t line);
/* Tokens of output a second, while searching; 0: not measured. */
double s2s_board_speed(const s2s_board_row *row);

#endif

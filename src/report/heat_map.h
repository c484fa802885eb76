/* A picture of a system's attention in a line, as SVG: a row for each piece of the output, a column for each of the
 * source, the darker the more the one looked at the other. */
#ifndef S2S_REPORT_HEAT_MAP_H
#define S2S_REPORT_HEAT_MAP_H

#include "report/section.h"

/* Of a line that is longer on either side no picture is drawn: nobody could read it. */
enum { S2S_MOST_PIECES = 120 };

/* `row`: of the board, for its name and its colour. Where there is no picture it is said why. */
void s2s_heat_map_draw(s2s_page *page, int row, const s2s_attention_line *line);

#endif

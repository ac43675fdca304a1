for (at in seq_along(groups)) compute(groups[[at]], names(groups)[at])
df3_analysisidhere <- do.call(rbind, found)

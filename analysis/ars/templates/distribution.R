value <- variablehere
text <- setNames(as.character(value), names(value))
everybody <- text[subjects]
listed <- everybody %in% levelshere
compute <- function(own, group) {
  mine <- text[own]
  all_of_them <- percentageshere == "all" || NA %in% levelshere
  N <- if (all_of_them) length(own) else sum(!is.na(mine))
  tell <- function(level, n, context = "distribution", total = N) {
    say(paste0(context, ".n"), n, level, group)
    say(paste0(context, ".N"), total, level, group)
    if (context == "distribution" && total > 0) say("distribution.p", n / total, level, group)
  }
  for (level in levelshere) tell(if (is.na(level)) "" else level, sum(mine %in% level))
  if (any(!listed & !is.na(everybody))) tell(otherhere, sum(!is.na(mine) & !mine %in% levelshere))
  if (any(!listed & is.na(everybody))) {
    tell(missinghere, sum(is.na(mine)), if (percentageshere == "all") "distribution" else "not_recorded",
         if (percentageshere == "all") N else length(own))
  }
}

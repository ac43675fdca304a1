records <- ADAE[ADAE$USUBJID %in% subjects, ]
events <- records[wherehere, ]
if (treatment_emergenthere) events <- events[events$TRTEMFL %in% "Y", ]
compute <- function(own, group) {
  tell <- function(level, of) {
    had <- events[of & events$USUBJID %in% own, ]
    count <- function(chosen) length(unique(had$USUBJID[chosen]))
    worst <- if (nrow(had) == 0 || is.null(severehere)) numeric(0) else
      tapply(had$ATOXGR, had$USUBJID, function(g) if (all(is.na(g))) NA else max(g, na.rm = TRUE))
    n <- c(" " = count(rep(TRUE, nrow(had))))
    if (!is.null(severehere)) n[".severe"] <- sum(worst >= severehere, na.rm = TRUE)
    if (relatedhere) n[".related"] <- count(had$AREL %in% counted_relatedhere)
    for (kind in names(n)) {
      say(paste0("adverse_events.n", trimws(kind)), n[[kind]], level, group)
      if (length(own) > 0) say(paste0("adverse_events.p", trimws(kind)), n[[kind]] / length(own), level, group)
    }
    if (is.null(severehere)) return(invisible())
    for (grade in 1:5) say(paste0("adverse_events.n.grade", grade), sum(worst %in% grade), level, group)
    if (anyNA(worst)) say("adverse_events.n.nograde", sum(is.na(worst)), level, group)
  }
  say("adverse_events.N", length(own), "", group)
  tell("", rep(TRUE, nrow(events)))
  for (class in unique(events$AEBODSYS)) tell(class, events$AEBODSYS %in% class)
  for (term in unique(events$AEDECOD)) tell(term, events$AEDECOD %in% term)
}

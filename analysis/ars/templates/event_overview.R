records <- datasethere[datasethere$USUBJID %in% subjects, ]
records <- records[wherehere, ]
if (!is.null(datehere)) {
  date <- setNames(ADSL[[datehere]], ADSL$USUBJID)[records$USUBJID]
  start <- records$ASTDT
  kept <- switch(whenhere,
    since = start >= date,
    ongoing = start < date & (is.na(records$AENDT) | records$AENDT >= date),
    is.na(date) | start < date)
  records <- records[kept %in% TRUE, ]
}
kinds <- kindshere
compute <- function(own, group) {
  for (at in seq_along(kinds)) {
    had <- kinds[[at]] & records$USUBJID %in% own
    level <- names(kinds)[at]
    n <- length(unique(records$USUBJID[had]))
    say("event_overview.n", n, level, group)
    say("event_overview.N", length(own), level, group)
    if (length(own) > 0) say("event_overview.p", n / length(own), level, group)
    say("event_overview.records", sum(had), level, group)
  }
}

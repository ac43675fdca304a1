records <- datasethere[datasethere$USUBJID %in% subjects, ]
rows <- records[wherehere, ]
first <- setNames(ADSL$TRTSDT, ADSL$USUBJID)[rows$USUBJID]
day <- function(name) as.numeric(as.Date(rows[[name]]) - as.Date(first))
rows <- rows[do.call(order, c(list(match(rows$USUBJID, subjects)), lapply(c(starthere, namehere, endhere, valuehere), function(v) rows[[v]]))), ]
first <- setNames(ADSL$TRTSDT, ADSL$USUBJID)[rows$USUBJID]
compute <- function(own, group) {
  start <- day(starthere)
  say("records.N", length(own))
  say("records.n", length(unique(rows$USUBJID)))
  say("records.n.records", nrow(rows))
  if (!is.null(endhere)) say("records.n.ongoing", sum(is.na(rows[[endhere]])))
  if (any(!is.na(start))) {
    say("records.start.min", min(start, na.rm = TRUE))
    say("records.start.max", max(start, na.rm = TRUE))
  }
  number <- ave(seq_len(nrow(rows)), rows$USUBJID, FUN = seq_along)
  for (i in seq_len(nrow(rows))) {
    level <- sprintf("%s, record %d", rows$USUBJID[i], number[i])
    if (!is.na(start[i])) say("record.start.day", start[i], level)
    if (!is.null(endhere) && !is.na(day(endhere)[i])) say("record.end.day", day(endhere)[i], level)
    if (!is.null(valuehere) && !is.na(rows[[valuehere]][i])) say("record.value", rows[[valuehere]][i], level)
    if (!is.null(namehere) && !is.na(rows[[namehere]][i])) say("record.name", rows[[namehere]][i], level)
  }
}

records <- datasethere[datasethere$USUBJID %in% subjects & datasethere$PARAMCD %in% parameterhere, ]
records <- records[wherehere, ]
first <- setNames(ADSL$TRTSDT, ADSL$USUBJID)[records$USUBJID]
records$DAY <- as.numeric(as.Date(records$ADT) - as.Date(first))
records$VALUE <- records$AVAL
if ("BLQFL" %in% names(records)) {
  below <- records$BLQFL %in% "Y"
  limit <- if ("LLOQ" %in% names(records)) records$LLOQ else rep(NA_real_, nrow(records))
  records$VALUE[below] <- switch(below_quantificationhere,
    zero = 0, half = limit[below] / 2, lloq = limit[below], missing = NA_real_)
}
records <- records[!is.na(records$DAY) & !is.na(records$VALUE), ]
window <- windowhere
if (!is.na(window[1])) records <- records[records$DAY >= window[1], ]
if (!is.na(window[2])) records <- records[records$DAY <= window[2], ]
compute <- function(own, group) {
  limits <- records$LLOQ[!is.na(records$LLOQ)]
  if (length(limits) > 0) say("profile.lloq", max(limits))
  people <- unique(records$USUBJID)
  say("profile.N", length(people))
  if (length(people) == 0) return(invisible())
  each <- aggregate(VALUE ~ USUBJID + DAY, data = records, FUN = mean)
  say("profile.n.values", nrow(each))
  medians <- numeric(0)
  for (day in sort(unique(each$DAY))) {
    x <- each$VALUE[each$DAY == day]
    at <- paste0("profile.", format(day, trim = TRUE))
    say(paste0(at, ".n"), length(x))
    say(paste0(at, ".mean"), mean(x))
    if (length(x) > 1) say(paste0(at, ".sd"), sd(x))
    say(paste0(at, ".median"), median(x))
    if (length(x) * 2 >= length(people)) medians[as.character(day)] <- signif(median(x), 15)
  }
  if (length(medians) > 0) {
    say("profile.median.max", max(medians))
    say("profile.median.max.day", as.numeric(names(medians)[which.max(medians)]))
    say("profile.median.min", min(medians))
    say("profile.median.min.day", as.numeric(names(medians)[which.min(medians)]))
  }
  for (i in seq_len(nrow(each))) {
    say(paste0("profile_subject.day.", format(each$DAY[i], trim = TRUE)), each$VALUE[i], each$USUBJID[i])
  }
}

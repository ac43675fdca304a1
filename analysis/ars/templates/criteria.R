# Who met each criterion; who was seen long enough to meet one (criteria_within_reach) asks for the rule itself.
met <- strsplit(setNames(ifelse(is.na(datahere$CRITERIA), "", datahere$CRITERIA), datahere$USUBJID), "; ")
compute <- function(own, group) {
  for (level in plannedhere) {
    n <- sum(vapply(own, function(s) level %in% met[[s]], logical(1)))
    say("criteria.n", n, level, group)
    say("criteria.N", length(own), level, group)
    if (length(own) > 0) say("criteria.p", n / length(own), level, group)
  }
}

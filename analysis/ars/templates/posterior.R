value <- variablehere
prior <- priorhere
threshold <- thresholdhere
probability <- probabilityhere
compute <- function(own, group) {
  level <- paste(eventhere, collapse = " / ")
  start <- setNames(ADSL$TRTSDT, ADSL$USUBJID)[own]
  own <- own[order(start, own, na.last = TRUE)]
  events <- cumsum(as.character(value[own]) %in% eventhere)
  above <- function(n, N) pbeta(threshold, prior[1] + n, prior[2] + N - n, lower.tail = FALSE)
  tell <- function(name, value) say(paste0("posterior.", name), value, level, group)
  N <- length(own)
  n <- if (N > 0) events[N] else 0
  tell("n", n)
  tell("N", N)
  tell("prior.a", prior[1])
  tell("prior.b", prior[2])
  tell("conf.level", conf_levelhere)
  tell("threshold", threshold)
  if (!is.na(probability)) {
    tell("probability", probability)
    stops_at <- Filter(function(k) k <= N && above(events[k], k) >= probability - 1e-12, lookshere)
    if (N > 0) {
      tell("reached", if (above(n, N) >= probability - 1e-12) "yes" else "no")
      tell("first.stop", if (length(stops_at) > 0) sprintf("after %d subjects", min(stops_at)) else "none")
    }
  }
  for (look in lookshere) {
    stops <- which(above(0:look, look) >= probability - 1e-12) - 1
    if (length(stops) > 0) say(sprintf("posterior_look.%d.stop.at", look), min(stops))
    if (look > N) next
    say(sprintf("posterior_look.%d.n", look), events[look])
    say(sprintf("posterior_look.%d.prob.above", look), above(events[look], look))
    say(sprintf("posterior_look.%d.reached", look), if (events[look] %in% stops) "yes" else "no")
  }
  if (N == 0) return(invisible())
  a <- prior[1] + n
  b <- prior[2] + N - n
  tell("a", a)
  tell("b", b)
  tell("mean", a / (a + b))
  tell("median", qbeta(0.5, a, b))
  tell("sd", sqrt(a * b / ((a + b)^2 * (a + b + 1))))
  tell("conf.low", qbeta((1 - conf_levelhere) / 2, a, b))
  tell("conf.high", qbeta((1 + conf_levelhere) / 2, a, b))
  tell("prob.above", above(n, N))
  for (k in seq_len(N)) {
    say(sprintf("posterior_sequence.%d.n", k), events[k])
    say(sprintf("posterior_sequence.%d.prob.above", k), above(events[k], k))
  }
}

value <- variablehere
compute <- function(own, group) {
  level <- paste(eventhere, collapse = " / ")
  n <- sum(as.character(value[own]) %in% eventhere)
  N <- length(own)
  say("proportion.n", n, level, group)
  say("proportion.N", N, level, group)
  say("proportion.conf.level", conf_levelhere, level, group)
  if (upper_boundhere) say("proportion_upper_bound.conf.level", conf_levelhere, level, group)
  if (N == 0) return(invisible())
  test <- binom.test(n, N, conf.level = conf_levelhere)
  say("proportion.estimate", test$estimate, level, group)
  say("proportion.conf.low", test$conf.int[1], level, group)
  say("proportion.conf.high", test$conf.int[2], level, group)
  if (upper_boundhere) {
    upper <- binom.test(n, N, alternative = "less", conf.level = conf_levelhere)$conf.int[2]
    say("proportion_upper_bound.conf.high", upper, level, group)
  }
}

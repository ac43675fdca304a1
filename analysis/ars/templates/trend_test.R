value <- variablehere
having <- function(own) as.character(value[own]) %in% eventhere
levelnamed <- paste(eventhere, collapse = " / ")
compute <- function(own, name) {
  say("trend_test.n", sum(having(own)), levelnamed, name)
  say("trend_test.N", length(own), levelnamed, name)
  if (length(own) > 0) say("trend_test.p", mean(having(own)), levelnamed, name)
}
x <- vapply(groups, function(own) sum(having(own)), numeric(1))
n <- lengths(groups)
scores <- scoreshere
if (length(scores) == 0) scores <- seq_along(groups)
scores <- scores[n > 0]
x <- x[n > 0]
n <- n[n > 0]
if (length(unique(scores)) > 1 && sum(x) > 0 && sum(x) < sum(n)) {
  test <- suppressWarnings(prop.trend.test(x, n, scores))
  say("trend_test.statistic", test$statistic, levelnamed)
  say("trend_test.p.value", test$p.value, levelnamed)
  # Every table with these margins, by number of events and sum of scores: few groups, a thousand subjects at most.
  ways <- data.frame(had = 0, total = 0, log = 0)
  for (i in seq_along(n)) {
    k <- 0:min(n[i], sum(x))
    each <- merge(ways, data.frame(k = k, own = lchoose(n[i], k)))
    each <- each[each$had + each$k <= sum(x), ]
    key <- paste(each$had + each$k, format(each$total + each$k * scores[i], digits = 15))
    most <- max(each$log + each$own)
    summed <- tapply(exp(each$log + each$own - most), key, sum)
    first <- !duplicated(key)
    ways <- data.frame(had = (each$had + each$k)[first], total = (each$total + each$k * scores[i])[first])
    ways$log <- log(as.vector(summed[key[first]])) + most
  }
  ways <- ways[ways$had == sum(x), ]
  p <- exp(ways$log - lchoose(sum(n), sum(x)))
  mean <- sum(x) * sum(n * scores) / sum(n)
  observed <- sum(x * scores)
  say("trend_test.p.value.exact", sum(p[abs(ways$total - mean) >= abs(observed - mean) - 1e-9]), levelnamed)
  say("trend_test.p.value.increasing", sum(p[ways$total >= observed - 1e-9]), levelnamed)
}

value <- variablehere
within <- stratahere
member <- function(name) { own <- groups[[name]]; own[!is.na(within[own])] }
having <- function(own) as.character(value[own]) %in% eventhere
tables <- do.call(rbind, lapply(unique(within[!is.na(within)]), function(one) {
  cells <- lapply(names(groups), function(name) { own <- member(name); own[within[own] == one] })
  data.frame(x1 = sum(having(cells[[1]])), n1 = length(cells[[1]]), x2 = sum(having(cells[[2]])), n2 = length(cells[[2]]))
}))
tables <- tables[tables$n1 > 0 & tables$n2 > 0, ]
levelnamed <- paste(eventhere, collapse = " / ")
compute <- function(own, name) {
  own <- member(name)
  say("two_proportions.n", sum(having(own)), levelnamed, name)
  say("two_proportions.N", length(own), levelnamed, name)
  if (length(own) > 0) say("two_proportions.p", mean(having(own)), levelnamed, name)
}
tell <- function(name, number) if (is.finite(number)) say(paste0("two_proportions.", name), number, levelnamed)
tell("conf.level", conf_levelhere)
if (nrow(tables) > 0) {
  x1 <- tables$x1; n1 <- tables$n1; x2 <- tables$x2; n2 <- tables$n2; n <- n1 + n2
  z <- qnorm((1 + conf_levelhere) / 2)
  weight <- n1 * n2 / n
  # The score statistic of Miettinen and Nurminen of a difference, ratio or odds ratio; the likeliest pair by optimize.
  other <- function(p2, at) switch(measurehere, difference = p2 + at, ratio = p2 * at, odds_ratio = p2 * at / (1 - p2 + p2 * at))
  deviate <- function(at) {
    part <- vapply(seq_along(n), function(j) {
      ends <- switch(measurehere, difference = c(max(0, -at), min(1, 1 - at)), ratio = c(0, min(1, 1 / at)), odds_ratio = c(0, 1))
      slope <- function(p2) {
        p1 <- other(p2, at)
        d <- switch(measurehere, difference = 1, ratio = at, odds_ratio = at / (1 - p2 + p2 * at)^2)
        d * ((if (x1[j]) x1[j] / p1 else 0) - (if (n1[j] > x1[j]) (n1[j] - x1[j]) / (1 - p1) else 0)) +
          (if (x2[j]) x2[j] / p2 else 0) - (if (n2[j] > x2[j]) (n2[j] - x2[j]) / (1 - p2) else 0)
      }
      low <- ends[1]; high <- ends[2]
      for (i in 1:120) { middle <- (low + high) / 2; if (slope(middle) > 0) low <- middle else high <- middle }
      p2 <- (low + high) / 2
      p1 <- min(1, max(0, other(p2, at)))
      v1 <- p1 * (1 - p1); v2 <- p2 * (1 - p2)
      if (measurehere == "odds_ratio") return(c(x1[j] - n1[j] * p1, n[j] / (n[j] - 1) / (1 / (n1[j] * v1) + 1 / (n2[j] * v2))))
      by <- if (measurehere == "ratio") at else 1
      d <- if (measurehere == "ratio") x1[j] / n1[j] - at * x2[j] / n2[j] else x1[j] / n1[j] - x2[j] / n2[j] - at
      c(weight[j] * d, weight[j]^2 * (v1 / n1[j] + by^2 * v2 / n2[j]) * n[j] / (n[j] - 1))
    }, numeric(2))
    total <- sum(part[1, ])
    if (total == 0) 0 else total / sqrt(sum(part[2, ]))
  }
  crossing <- function(at, low, high, turn = identity) {
    for (i in 1:120) { middle <- (low + high) / 2; if (deviate(turn(middle)) > at) low <- middle else high <- middle }
    turn((low + high) / 2)
  }
  above <- switch(measurehere, difference = NA, ratio = x1 * n2, odds_ratio = x1 * (n2 - x2))
  below <- switch(measurehere, difference = NA, ratio = x2 * n1, odds_ratio = x2 * (n1 - x1))
  estimate <- if (measurehere == "difference") sum(weight * (x1 / n1 - x2 / n2)) / sum(weight) else sum(above / n) / sum(below / n)
  tell("estimate", estimate)
  limits <- c(NA, NA)
  if (limitshere == "miettinen_nurminen" && measurehere == "difference") limits <- c(crossing(z, -1, 1), crossing(-z, -1, 1))
  if (limitshere == "miettinen_nurminen" && measurehere != "difference" && (above > 0 || below > 0)) {
    limits <- c(if (above > 0) crossing(z, -60, 60, exp) else 0, if (below > 0) crossing(-z, -60, 60, exp) else Inf)
  }
  if (limitshere == "wald" && measurehere == "difference") {
    half <- z * sqrt(x1 * (n1 - x1) / n1^3 + x2 * (n2 - x2) / n2^3)
    limits <- c(max(-1, estimate - half), min(1, estimate + half))
  }
  if (limitshere == "wald" && measurehere != "difference") {
    cells <- if (measurehere == "ratio") c(x1, x2) else c(x1, x2, n1 - x1, n2 - x2)
    half <- z * sqrt(sum(1 / cells) - if (measurehere == "ratio") 1 / n1 + 1 / n2 else 0)
    if (all(cells > 0)) limits <- estimate * exp(c(-half, half))
  }
  if (limitshere == "newcombe") {
    wilson <- function(x, n) prop.test(x, n, conf.level = conf_levelhere, correct = FALSE)$conf.int
    one <- wilson(x1, n1); two <- wilson(x2, n2); p1 <- x1 / n1; p2 <- x2 / n2
    limits <- estimate + c(-sqrt((p1 - one[1])^2 + (two[2] - p2)^2), sqrt((one[2] - p1)^2 + (p2 - two[1])^2))
  }
  if (limitshere == "mantel_haenszel" && measurehere == "difference") {
    p <- sum((n1^2 * x2 - n2^2 * x1 + n1 * n2 * (n2 - n1) / 2) / n^2)
    q <- sum((x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n))
    limits <- estimate + c(-1, 1) * z * sqrt(max(0, estimate * p + q)) / sum(weight)
  }
  if (limitshere == "mantel_haenszel" && measurehere == "odds_ratio" && is.finite(estimate) && estimate > 0) {
    r <- above / n; s <- below / n; p <- (x1 + n2 - x2) / n; q <- 1 - p
    spread <- sum(p * r) / (2 * sum(r)^2) + sum(p * s + q * r) / (2 * sum(r) * sum(s)) + sum(q * s) / (2 * sum(s)^2)
    limits <- estimate * exp(c(-1, 1) * z * sqrt(spread))
  }
  tell("conf.low", limits[1])
  tell("conf.high", limits[2])
  if (testhere == "fisher") {
    tell("p.value", fisher.test(rbind(c(x1, n1 - x1), c(x2, n2 - x2)))$p.value)
  } else {
    apart <- sum((x1 * n2 - x2 * n1) / n)
    spread <- sum(n1 * n2 * (x1 + x2) * (n - x1 - x2) / (n^2 * (n - 1)))
    tell("p.value", if (spread == 0) 1 else pchisq(apart^2 / spread, 1, lower.tail = FALSE))
  }
}

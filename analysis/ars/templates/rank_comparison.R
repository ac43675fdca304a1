value <- variablehere
compute <- function(own, group) {
  x <- value[own]
  say("summary.N", length(x), "", group)
  say("summary.n.missing", sum(is.na(x)), "", group)
  x <- as.numeric(x[!is.na(x)])
  say("summary.n", length(x), "", group)
  if (length(x) == 0) return(invisible())
  for (name in c("mean", "median", "min", "max")) say(paste0("summary.", name), get(name)(x), "", group)
  if (length(x) > 1) say("summary.sd", sd(x), "", group)
}
x <- as.numeric(na.omit(value[groups[[1]]]))
y <- as.numeric(na.omit(value[groups[[2]]]))
m <- length(x)
n <- length(y)
level <- conf_levelhere
say("shift.conf.level", level)
say("effect.conf.level", level)
if (m > 0 && n > 0 && length(unique(c(x, y))) > 1) {
  # The permutation distribution of the midranks, every arrangement once: for groups as small as an early trial's.
  chosen <- combn(m + n, m)
  statistic <- function(x, y) sum(rank(c(x, y))[seq_along(x)]) - m * (m + 1) / 2
  p_of <- function(x, y) {
    ranks <- rank(c(x, y))
    w <- colSums(matrix(ranks[chosen], nrow = m)) - m * (m + 1) / 2
    p <- function(at) {
      if (two_sidedhere == "absolute_deviation") return(mean(abs(w - m * n / 2) >= abs(at - m * n / 2) - 1e-9))
      min(1, 2 * min(mean(w <= at + 1e-9), mean(w >= at - 1e-9)))
    }
    c(p(statistic(x, y)), min(p(min(w)), p(max(w))))
  }
  w <- statistic(x, y)
  say("rank_test.statistic", w)
  say("rank_test.p.value", p_of(x, y)[1])
  say("rank_test.p.value.min", p_of(x, y)[2])
  differences <- sort(unique(as.vector(outer(x, y, "-"))))
  say("shift.estimate", median(outer(x, y, "-")))
  # A shift is in the interval where its test is not significant; between two differences the test does not change.
  kept <- differences[vapply(differences, function(d) p_of(x - d, y)[1] > 1 - level + 1e-12, logical(1))]
  middles <- c(differences[1] - 1, (head(differences, -1) + tail(differences, -1)) / 2, tail(differences, 1) + 1)
  open <- vapply(middles, function(d) p_of(x - d, y)[1] > 1 - level + 1e-12, logical(1))
  lower <- c(-Inf, differences)[open]
  upper <- c(differences, Inf)[open]
  say("shift.conf.low", min(kept, lower))
  say("shift.conf.high", max(kept, upper))
  theta <- w / (m * n)
  half <- (m + n) / 2 - 1
  variance <- function(t) t * (1 - t) / (m * n) * (1 + half * ((1 - t) / (2 - t) + t / (1 + t)))
  outside <- function(t) (theta - t)^2 - qnorm((1 + level) / 2)^2 * variance(t)
  low <- if (theta == 0) 0 else uniroot(outside, c(0, theta - 1e-9), tol = 1e-14)$root
  high <- if (theta == 1) 1 else uniroot(outside, c(theta + 1e-9, 1), tol = 1e-14)$root
  say("effect.prob.superiority", theta)
  say("effect.prob.superiority.conf.low", low)
  say("effect.prob.superiority.conf.high", high)
  say("effect.rank.biserial", 2 * theta - 1)
  say("effect.rank.biserial.conf.low", 2 * low - 1)
  say("effect.rank.biserial.conf.high", 2 * high - 1)
}

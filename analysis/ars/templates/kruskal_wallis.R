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
x <- lapply(groups, function(own) as.numeric(na.omit(value[own])))
sizes <- lengths(x)
# The rank sums of the groups in every way to fill them, a row each.
assigned <- function(ranks, sizes) {
  if (length(sizes) == 1) return(matrix(sum(ranks)))
  do.call(rbind, combn(length(ranks), sizes[1], simplify = FALSE, FUN = function(chosen) {
    rest <- assigned(ranks[setdiff(seq_along(ranks), chosen)], sizes[-1])
    cbind(sum(ranks[chosen]), rest)
  }))
}
if (all(sizes > 0) && length(unique(unlist(x))) > 1) {
  test <- kruskal.test(unname(x))
  say("kruskal_wallis.statistic", test$statistic)
  say("kruskal_wallis.parameter", test$parameter)
  p <- test$p.value
  # Few assignments are counted, every one of them; of many the p is that of chi-square.
  if (lfactorial(sum(sizes)) - sum(lfactorial(sizes)) <= log(exact_up_tohere) + 1e-9) {
    ranks <- rank(unlist(x))
    spread <- function(sums) sum(sums^2 / sizes)
    observed <- spread(vapply(split(ranks, rep(seq_along(sizes), sizes)), sum, numeric(1)))
    p <- mean(apply(assigned(ranks, sizes), 1, spread) >= observed - 1e-7)
  }
  say("kruskal_wallis.p.value", p)
}

x_of <- variablehere
y_of <- with_variablehere
# Every distinct arrangement of values, a row each. Where there are more than 10000 no p is given here.
arranged <- function(v) {
  if (length(v) <= 1) return(matrix(v, 1))
  do.call(rbind, lapply(unique(v), function(first) cbind(first, arranged(v[-match(first, v)]))))
}
compute <- function(own, group) {
  of <- coefficienthere
  present <- own[!is.na(x_of[own]) & !is.na(y_of[own])]
  x <- as.numeric(x_of[present])
  y <- as.numeric(y_of[present])
  n <- length(x)
  tell <- function(name, value) say(paste0(of, ".", name), value, levelhere, group)
  tell("N", n)
  tell("conf.level", conf_levelhere)
  if (n < 3 || length(unique(x)) == 1 || length(unique(y)) == 1) return(invisible())
  found <- cor(x, y, method = of)
  tell("estimate", found)
  free <- n - if (of == "spearman") 3 else 4
  if (abs(found) < 1 - 1e-12 && free > 0) {
    error <- sqrt((if (of == "spearman") 1 + found^2 / 2 else 0.437) / free)
    limits <- tanh(atanh(found) + c(-1, 1) * qnorm((1 + conf_levelhere) / 2) * error)
    tell("conf.low", limits[1])
    tell("conf.high", limits[2])
  }
  moved <- if (length(unique(x)) < length(unique(y))) x else y
  fixed <- if (length(unique(x)) < length(unique(y))) y else x
  if (exp(lfactorial(n) - sum(lfactorial(table(moved)))) > 10000) return(invisible())
  listed <- abs(apply(arranged(moved), 1, function(v) cor(fixed, v, method = of)))
  tell("p.value", mean(listed >= abs(found) - 1e-9))
  tell("p.value.min", mean(listed >= max(listed) - 1e-9))
}

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

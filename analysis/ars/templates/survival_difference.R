library(survival)
records <- datahere[!is.na(datahere$AVAL) & !is.na(datahere$CNSR) & datahere$USUBJID %in% subjects, ]
fits <- lapply(groups, function(own) {
  x <- records[records$USUBJID %in% own, ]
  if (nrow(x) == 0) NULL else survfit(Surv(x$AVAL, as.integer(x$CNSR == 0)) ~ 1)
})
z <- qnorm((1 + conf_levelhere) / 2)
told <- function(fit, day) !is.null(fit) && (day <= max(fit$time) || min(fit$surv) == 0)
seen <- function(fit, day) if (is.null(fit) || day > max(fit$time)) NULL else {
  s <- summary(fit, times = day, extend = TRUE)
  c(s$surv, s$std.err)
}
area <- function(fit, day) {
  if (!told(fit, day)) return(NULL)
  at <- fit$time < day
  strips <- diff(c(0, fit$time[at], day)) * c(1, fit$surv[at])
  left <- rev(cumsum(rev(strips)))[-1]
  n <- fit$n.risk[at]; d <- fit$n.event[at]
  c(sum(strips), sqrt(sum(ifelse(n > d, left^2 * d / (n * (n - d)), 0))))
}
compare <- function(context, level, a, b, by_ratio = FALSE) {
  say(paste0(context, ".conf.level"), conf_levelhere, level)
  if (is.null(a) || is.null(b)) return(invisible())
  estimate <- if (by_ratio) a[1] / b[1] else a[1] - b[1]
  error <- if (by_ratio) sqrt((a[2] / a[1])^2 + (b[2] / b[1])^2) else sqrt(a[2]^2 + b[2]^2)
  say(paste0(context, ".estimate"), estimate, level)
  if (is.na(error) || error == 0) return(invisible())
  centre <- if (by_ratio) log(estimate) else estimate
  limits <- centre + c(-1, 1) * z * error
  if (by_ratio) limits <- exp(limits)
  say(paste0(context, ".conf.low"), limits[1], level)
  say(paste0(context, ".conf.high"), limits[2], level)
  say(paste0(context, ".p.value"), 2 * pnorm(-abs(centre) / error), level)
}
compute <- function(own, name) {
  for (day in landmarkshere) {
    found <- seen(fits[[name]], day)
    if (!is.null(found)) say("survival_difference.surv", found[1], day, name)
  }
  for (day in restricted_meanhere) {
    found <- area(fits[[name]], day)
    if (is.null(found)) next
    say("restricted_mean.mean", found[1], day, name)
    say("restricted_mean.std.error", found[2], day, name)
  }
}
for (day in landmarkshere) compare("survival_difference", day, seen(fits[[1]], day), seen(fits[[2]], day))
for (day in restricted_meanhere) {
  compare("restricted_mean_difference", day, area(fits[[1]], day), area(fits[[2]], day))
  compare("restricted_mean_ratio", day, area(fits[[1]], day), area(fits[[2]], day), by_ratio = TRUE)
}

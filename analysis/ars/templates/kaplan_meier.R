library(survival)
records <- datahere[!is.na(datahere$AVAL) & !is.na(datahere$CNSR), ]
type <- if (conf_typehere == "arcsine") "arcsin" else conf_typehere
middle <- function(fit) {
  past <- function(s) if (any(s)) min(fit$time[s]) else NA_real_
  if (median_rulehere == "midpoint") return(unlist(quantile(fit, probs = 0.5)))
  if (median_rulehere == "table") {
    told <- summary(fit)$table
    return(c(told[["median"]], told[[grep("LCL$", names(told))]], told[[grep("UCL$", names(told))]]))
  }
  at <- if (median_rulehere == "left") past(fit$surv <= 0.5 + 1e-9) else past(fit$surv < 0.5 - 1e-9)
  c(at, NA, NA)
}
compute <- function(own, group) {
  x <- records[records$USUBJID %in% own, ]
  event <- as.integer(x$CNSR == 0)
  tell <- function(name, value, level = "") say(name, value, level, group)
  tell("survival.N", nrow(x))
  tell("survival.n.event", sum(event))
  tell("survival.n.censor", sum(1 - event))
  tell("survival.conf.level", conf_levelhere)
  for (day in at_riskhere) {
    tell("at_risk.n.risk", sum(x$AVAL >= day), day)
    tell("at_risk.n.event", sum(event[x$AVAL < day]), day)
    tell("at_risk.n.censor", sum(1 - event[x$AVAL < day]), day)
  }
  if (nrow(x) == 0) return(invisible())
  limits <- function(context, values, level = "") {
    for (i in which(!is.na(values))) tell(paste0(context, c(".estimate", ".conf.low", ".conf.high")[i]), values[[i]], level)
  }
  fit <- survfit(Surv(x$AVAL, event) ~ 1, conf.type = type, conf.int = conf_levelhere)
  limits("survival.median", middle(fit))
  for (day in landmarkshere) {
    tell("survival_at.n.risk", sum(x$AVAL >= day), day)
    if (day > max(x$AVAL)) next
    present <- summary(fit, times = day, extend = TRUE)
    limits("survival_at", c(present$surv, present$lower, present$upper), day)
  }
  for (i in seq_along(fit$time)) {
    level <- sprintf("%g", fit$time[i])
    tell("curve.n.risk", fit$n.risk[i], level)
    tell("curve.n.event", fit$n.event[i], level)
    tell("curve.n.censor", fit$n.censor[i], level)
    limits("curve", c(fit$surv[i], fit$lower[i], fit$upper[i]), level)
  }
  if (!follow_uphere) return(invisible())
  reverse <- survfit(Surv(x$AVAL, 1 - event) ~ 1, conf.type = type, conf.int = conf_levelhere)
  limits("follow_up_reverse_km.median", middle(reverse))
  for (name in c("median", "min", "max")) tell(paste0("follow_up_observed.", name), get(name)(x$AVAL))
}

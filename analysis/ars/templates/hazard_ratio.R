library(survival)
records <- datahere[!is.na(datahere$AVAL) & !is.na(datahere$CNSR) & datahere$USUBJID %in% subjects, ]
d <- data.frame(time = records$AVAL, event = as.integer(records$CNSR == 0), group = NA_character_)
for (name in rev(names(groups))) d$group[records$USUBJID %in% groups[[name]]] <- name
d$first <- as.numeric(d$group == names(groups)[1])
d$within <- stratahere[records$USUBJID]
read <- covariateshere
for (i in seq_along(read)) d[[paste0("covariate", i)]] <- unname(read[[i]][records$USUBJID])
d <- d[complete.cases(d), ]
beside <- c("strata(within)", if (length(read) > 0) paste0("covariate", seq_along(read)))
exactly <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
model <- function(terms, ...) {
  asked <- as.formula(paste("Surv(time, event) ~", paste(c(terms, beside), collapse = " + ")))
  suppressWarnings(coxph(asked, data = d, ties = tieshere, control = exactly, ...))
}
compute <- function(own, name) {
  say("hazard_ratio.n", sum(d$group == name), "", name)
  say("hazard_ratio.n.event", sum(d$event[d$group == name]), "", name)
}
level <- conf_levelhere
say("hazard_ratio.conf.level", level)
if (length(unique(d$group)) == 2 && sum(d$event) > 0) {
  fit <- model("first")
  b <- coef(fit)[["first"]]
  # Without a maximum R gives the last coefficient that it tried.
  if (!is.na(b) && vcov(fit)["first", "first"] < 1e4) {
    half <- qnorm((1 + level) / 2) * sqrt(vcov(fit)["first", "first"])
    limits <- exp(b + c(-half, half))
    if (limitshere == "profile") {
      gap <- function(at) 2 * (tail(fit$loglik, 1) - tail(model(sprintf("offset(%.17g * first)", at))$loglik, 1)) - qchisq(level, 1)
      limits <- exp(c(uniroot(gap, c(b - 8, b), tol = 1e-13)$root, uniroot(gap, c(b, b + 8), tol = 1e-13)$root))
    }
    say("hazard_ratio.estimate", exp(b))
    say("hazard_ratio.conf.low", limits[1])
    say("hazard_ratio.conf.high", limits[2])
    say("hazard_ratio.p.value", summary(fit)$coefficients["first", "Pr(>|z|)"])
    without <- if (length(read) > 0) tail(model(NULL)$loglik, 1) else fit$loglik[1]
    say("hazard_ratio.p.value.lr", pchisq(max(0, 2 * (tail(fit$loglik, 1) - without)), 1, lower.tail = FALSE))
    check <- tryCatch(cox.zph(fit, transform = "km")$table["first", ], error = function(e) NULL)
    if (!is.null(check) && is.finite(check[["chisq"]])) {
      say("proportional_hazards.statistic", check[["chisq"]])
      say("proportional_hazards.p.value", check[["p"]])
    }
  }
}

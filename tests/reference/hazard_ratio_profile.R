# Profile limits of the hazard ratio, and the check of proportional hazards at a fit to full precision, for the two-group
# cases of compare_times.json, whose own profile limits are 0 and Inf throughout:
#   Rscript hazard_ratio_profile.R compare_times.json > hazard_ratio_profile.json
suppressPackageStartupMessages({library(survival); library(jsonlite)})
cases <- fromJSON(commandArgs(TRUE)[1], simplifyVector = TRUE, simplifyDataFrame = FALSE)$cases
answer <- lapply(seq_along(cases), function(i) {
  d <- cases[[i]]
  if (d$groups != 2) return(NULL)
  own <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
  fit <- suppressWarnings(coxph(Surv(d$time, d$status) ~ d$group, control = own))
  if (is.na(coef(fit)) || abs(coef(fit)) > 10 || vcov(fit) < 1e-12) return(NULL)
  at <- function(b) coxph(Surv(d$time, d$status) ~ offset(b * d$group), control = own)$loglik
  gap <- function(b) 2 * (fit$loglik[2] - at(b)) - qchisq(0.95, 1)
  limit <- function(sign) tryCatch(
    exp(uniroot(gap, sort(coef(fit) + sign * c(0, 12)), tol = 1e-14, maxiter = 10000)$root), error = function(e) NA
  )
  zph <- cox.zph(fit, transform = "km")$table[1, ]
  list(case = i - 1, conf_low = limit(-1), conf_high = limit(1), zph = zph[["chisq"]], p = zph[["p"]])
})
kept <- Filter(Negate(is.null), answer)
source <- list(R = R.version.string, packages = paste("survival", packageVersion("survival")), call = "this file's script")
cat(toJSON(list(source = source, cases = kept), auto_unbox = TRUE, digits = NA, pretty = TRUE, na = "string"), "\n")

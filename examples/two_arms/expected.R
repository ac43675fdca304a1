# The numbers of this SYNTHETIC trial by R alone, from its files: Rscript expected.R > expected.csv
# Packages: survival, haven (SAS transport), jsonlite (Dataset-JSON). It has read nothing that the Python program wrote.
suppressPackageStartupMessages({library(survival); library(haven); library(jsonlite)})
transport <- function(name) as.data.frame(read_xpt(file.path("data", paste0(name, ".xpt"))))
dataset_json <- function(name) {
  found <- fromJSON(file.path("data", paste0(name, ".json")), simplifyVector = FALSE)
  columns <- vapply(found$columns, function(c) c$name, "")
  cells <- lapply(seq_along(columns), function(i) {
    unlist(lapply(found$rows, function(r) if (is.null(r[[i]])) NA else r[[i]]))
  })
  as.data.frame(setNames(cells, columns))
}
say <- function(analysis, context, statistic, value, group = "", level = "") {
  cat(sprintf('"%s","%s","%s","%s","%s",%.15g\n', analysis, context, statistic, group, level, value))
}
cat("analysis,context,statistic,group,level,value\n")
adsl <- transport("adsl")
times <- merge(transport("adtte"), adsl[c("USUBJID", "TRT01P", "DOSELVL", "STRECOG", "STRLIVER", "AGE", "SEX")])
times$event <- 1 - times$CNSR
times$active <- as.numeric(times$TRT01P == "SYN-9")
exactly <- coxph.control(eps = 1e-14, iter.max = 50, toler.chol = 1e-15)
for (code in c("PFS", "OS")) {
  d <- times[times$PARAMCD == code, ]
  id <- paste0("AN-", code)
  for (arm in c("SYN-9", "Placebo")) {
    fit <- survfit(Surv(AVAL, event) ~ 1, data = d[d$TRT01P == arm, ], conf.type = "log-log")
    say(id, "survival", "n.event", sum(fit$n.event), arm)
    at <- quantile(fit, 0.5)
    say(id, "survival", "estimate", at$quantile, arm, "median")
    say(id, "survival", "conf.low", at$lower, arm, "median")
    if (!is.na(at$upper)) say(id, "survival", "conf.high", at$upper, arm, "median")
  }
  test <- survdiff(Surv(AVAL, event) ~ TRT01P + strata(STRECOG, STRLIVER), data = d)
  say(id, "logrank", "statistic", test$chisq)
  say(id, "logrank", "p.value", pchisq(test$chisq, 1, lower.tail = FALSE))
  fit <- coxph(Surv(AVAL, event) ~ active + strata(STRECOG, STRLIVER), data = d, control = exactly)
  say(id, "hazard_ratio", "estimate", exp(coef(fit)))
  limits <- exp(confint(fit))
  say(id, "hazard_ratio", "conf.low", limits[1])
  say(id, "hazard_ratio", "conf.high", limits[2])
  say(id, "proportional_hazards", "p.value", cox.zph(fit, "km")$table[1, "p"])
}
d <- times[times$PARAMCD == "PFS", ]
fit <- coxph(Surv(AVAL, event) ~ active + AGE + SEX + strata(STRECOG, STRLIVER), data = d, control = exactly)
say("AN-ADJ", "hazard_ratio", "estimate", exp(coef(fit)[1]))
d <- times[times$PARAMCD == "OS", ]
test <- survdiff(Surv(AVAL, event) ~ DOSELVL, data = d)
say("AN-DOSE", "logrank", "statistic", test$chisq)
# Best response is of treated subjects, from the first dose on, up to the first progression.
best <- merge(dataset_json("adrs"), adsl[c("USUBJID", "TRTSDT")])
best <- best[!is.na(best$TRTSDT) & as.Date(best$ADT) >= best$TRTSDT, ]
order <- c("CR", "PR", "SD", "PD")
best <- best[order(best$USUBJID, best$ADT), ]
responded <- unlist(lapply(split(best, best$USUBJID), function(b) {
  first <- match("PD", b$AVALC)
  seen <- if (is.na(first)) b$AVALC else b$AVALC[seq_len(first)]
  any(seen %in% c("CR", "PR"))
}))
adsl$response <- adsl$USUBJID %in% names(responded)[responded]
for (arm in c("SYN-9", "Placebo")) {
  own <- adsl[adsl$TRT01P == arm, ]
  test <- binom.test(sum(own$response), nrow(own))
  say("AN-ORR", "proportion", "n", sum(own$response), arm, "CR / PR")
  say("AN-ORR", "proportion", "conf.low", test$conf.int[1], arm, "CR / PR")
  say("AN-ORR", "proportion", "conf.high", test$conf.int[2], arm, "CR / PR")
}
table3 <- table(factor(adsl$TRT01P, c("SYN-9", "Placebo")), factor(adsl$response, c(TRUE, FALSE)),
                paste(adsl$STRECOG, adsl$STRLIVER))
cmh <- mantelhaen.test(table3, correct = FALSE)
say("AN-ORR", "two_proportions", "p.value", cmh$p.value, "", "CR / PR")
say("AN-ORR", "two_proportions", "odds.ratio", cmh$estimate, "", "CR / PR")
adae <- merge(transport("adae"), adsl[c("USUBJID", "TRT01P")])
safety <- adsl[adsl$SAFFL == "Y", ]
for (arm in c("SYN-9", "Placebo")) {
  for (term in sort(unique(adae$AEDECOD))) {
    n <- length(unique(adae$USUBJID[adae$AEDECOD == term & adae$TRT01P == arm]))
    say("AN-AE", "adverse_events", "n", n, arm, term)
  }
  days <- safety$TRTDURD[safety$TRT01P == arm]
  say("AN-EXPO", "summary", "mean", mean(days), arm)
  say("AN-EXPO", "summary", "sd", sd(days), arm)
}
adlb <- merge(dataset_json("adlb"), adsl[c("USUBJID", "TRT01P")])
for (arm in c("SYN-9", "Placebo")) for (name in sort(unique(adlb$PARAM))) for (visit in c("Baseline", "Week 8")) {
  x <- adlb$AVAL[adlb$TRT01P == arm & adlb$PARAM == name & adlb$AVISIT == visit]
  say("AN-LAB", "description", "n", length(x), arm, paste(name, visit, sep = " | "))
  say("AN-LAB", "description", "mean", mean(x), arm, paste(name, visit, sep = " | "))
  say("AN-LAB", "description", "sd", sd(x), arm, paste(name, visit, sep = " | "))
}

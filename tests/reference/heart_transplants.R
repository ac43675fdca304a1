# Reference values of survival by a state entered during follow-up: the Stanford heart transplant data of R's survival
# (jasa), and the ten subjects of this repository's data folder. Rscript heart_transplants.R > heart_transplants.json
suppressPackageStartupMessages(library(survival))
number <- function(x) ifelse(is.na(x), "null", sprintf("%.17g", x))
vector <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")

case <- function(name, time, event, entered, days, from, landmark) {
  # Exposed after the day of entry, from the start if that is day 0; an entry that no follow-up follows is none.
  # Rows from day 0 start before it, so that a death on day 0 counts.
  late <- !is.na(entered) & entered > 0 & entered >= time
  switch <- ifelse(late, NA, entered)
  splits <- !is.na(switch) & switch > 0
  rows <- rbind(
    data.frame(start = -1, stop = ifelse(splits, switch, time), event = event & !splits, exposed = !is.na(switch) & switch == 0),
    data.frame(start = switch, stop = time, event = event, exposed = TRUE)[splits, ]
  )
  rows$event <- as.integer(rows$event); rows$exposed <- as.integer(rows$exposed)
  out <- c()
  say <- function(key, value) out <<- c(out, sprintf('    "%s": %s', key, value))
  say("time", vector(time)); say("event", vector(as.integer(event))); say("entered", vector(entered))
  say("days", vector(days)); say("start", number(from)); say("landmark", number(landmark))
  years <- pyears(Surv(pmax(start, 0), pmax(stop, 1e-9), event) ~ exposed, rows, scale = 1)
  say("subjects", vector(c(sum(!(!is.na(switch) & switch == 0)), sum(!is.na(switch)))))
  say("events", vector(years$event)); say("follow_up", vector(round(years$pyears, 6)))
  # The log-rank test with a state that changes in time: the score test of coxph, ties = "exact".
  score <- coxph(Surv(start, stop, event) ~ exposed, rows, ties = "exact")$score
  say("chi_square", number(score)); say("p", number(pchisq(score, 1, lower.tail = FALSE)))
  for (state in 0:1) {
    of <- rows[rows$exposed == state, ]
    if (from > 0) of <- of[of$stop > from, ]
    fit <- survfit(Surv(start, stop, event) ~ 1, of, conf.type = "log-log")
    at <- summary(fit, times = days, extend = TRUE)
    # summary() gives the number at risk at the next time of the curve, where others have entered since: counted here.
    say(sprintf("n.risk.%d", state), vector(sapply(days, function(d) sum(of$start < d & of$stop >= d))))
    for (key in c("surv", "lower", "upper")) say(sprintf("%s.%d", key, state), vector(at[[key]]))
    # Known: somebody entered before the day, and somebody was observed on it or later.
    say(sprintf("known.%d", state), vector(as.integer(days > min(of$start) & days <= max(of$stop))))
  }
  kept <- time > landmark
  group <- as.integer(!is.na(entered) & entered <= landmark)
  say("left_out", vector(c(sum(event[!kept]), sum(!event[!kept]))))
  for (state in 0:1) {
    here <- kept & group == state
    fit <- survfit(Surv(time[here] - landmark, event[here]) ~ 1, conf.type = "log-log")
    after <- days[days > landmark]
    at <- summary(fit, times = after - landmark, extend = TRUE)
    say(sprintf("landmark.n.%d", state), vector(c(sum(here), sum(event[here]))))
    for (key in c("n.risk", "surv", "lower", "upper")) say(sprintf("landmark.%s.%d", key, state), vector(at[[key]]))
  }
  sprintf('  "%s": {\n%s\n  }', name, paste(out, collapse = ",\n"))
}

heart <- function(from) case(
  if (from) sprintf("jasa from day %d", from) else "jasa",
  as.numeric(jasa$fu.date - jasa$accept.dt), jasa$fustat == 1, as.numeric(jasa$tx.date - jasa$accept.dt),
  c(30, 60, 100, 365, 1000), from, 28
)
study <- case(
  "study", c(488, 87, 64, 391, 15, 322, 130, 268, 216, 124), c(0, 1, 1, 0, 1, 0, 1, 0, 0, 0) == 1,
  c(34, 26, NA, 20, NA, NA, NA, 18, 20, 19), c(90, 180, 365), 0, 28
)
note <- sprintf('  "_source": "R %s, survival %s"', getRversion(), packageVersion("survival"))
cat("{\n", paste(c(note, heart(0), heart(21), study), collapse = ",\n"), "\n}\n", sep = "")

# Writes survival_small_samples.json: reference values computed in R from the definitions, for methods that no
# R package at hand computes with 15 digits. Run: Rscript survival_small_samples.R > survival_small_samples.json
suppressMessages(library(survival))

number <- function(x) ifelse(is.na(x), "\"NA\"", ifelse(is.finite(x), sprintf("%.17g", x), "\"Inf\""))
vector <- function(x) paste0("[", paste(if (is.character(x)) sprintf("\"%s\"", x) else number(x), collapse = ", "), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste(sprintf("\"%s\": %s", names(fields), unlist(fields)), collapse = ", "), "}")
}
text <- function(x) sprintf("\"%s\"", x)

# ---- exact log-rank: every allocation, each with its own survdiff() ----
exact_logrank <- function(name, time, status, group) {
  first <- sort(unique(group))[1]
  difference <- function(g) {
    fit <- survdiff(Surv(time, status) ~ g)
    fit$obs[1] - fit$exp[1]
  }
  observed <- difference(group)
  chosen <- combn(length(time), sum(group == first))
  every <- apply(chosen, 2, function(i) {
    g <- rep("B", length(time)); g[i] <- "A"
    difference(g)
  })
  eps <- 1e-9
  object(name = text(name), time = vector(time), status = vector(status), group = vector(group),
         statistic = number(observed), n_allocations = number(ncol(chosen)),
         p_value = number(mean(abs(every) >= abs(observed) - eps)),
         p_less = number(mean(every <= observed + eps)), p_greater = number(mean(every >= observed - eps)),
         p_min_attainable = number(mean(abs(every) >= max(abs(every)) - eps)))
}

# ---- beta product limits: products of beta variables matched in mean and second moment, qbeta() ----
beta_product <- function(name, time, status, level) {
  u <- sort(unique(time)); k <- length(u)
  n <- sapply(u, function(t) sum(time >= t)); d <- sapply(u, function(t) sum(time == t & status == 1))
  match_moments <- function(a, b, p) {
    if (all(b == 0)) return(1)
    m1 <- prod(a / (a + b)); m2 <- prod(a * (a + 1) / ((a + b) * (a + b + 1)))
    qbeta(p, (m1 - m2) * m1 / (m2 - m1^2), (m1 - m2) * (1 - m1) / (m2 - m1^2))
  }
  lower <- upper <- numeric(k + 1)
  for (j in 0:k) {
    i <- seq_len(j); a <- n[i] - d[i] + 1; b <- d[i]
    lower[j + 1] <- if (j == k) 0 else match_moments(c(a, n[j + 1]), c(b, 1), (1 - level) / 2)
    upper[j + 1] <- if (j == 0) 1 else match_moments(a, b, 1 - (1 - level) / 2)
  }
  object(name = text(name), time = vector(time), status = vector(status), level = number(level),
         start = vector(c(0, u)), surv = vector(c(1, cumprod(1 - d / n))),
         lower = vector(cummin(lower)), upper = vector(cummin(upper)))
}

# ---- time-dependent state: survfit() and coxph(ties = "exact") on start-stop data ----
state_curves <- function(rows, type) {
  fit <- survfit(Surv(start, stop, event) ~ exposed, rows, conf.type = type)
  one <- function(i) {
    f <- fit[i]
    object(conf_type = text(type), exposed = number(i - 1), time = vector(f$time), n_risk = vector(f$n.risk),
           n_event = vector(f$n.event), surv = vector(f$surv), std_err = vector(f$surv * f$std.err),
           lower = vector(f$lower), upper = vector(f$upper))
  }
  paste(one(1), one(2), sep = ", ")
}
time_dependent <- function(name, rows, landmark) {
  later <- rows[rows$stop > landmark, ]; later$start <- pmax(later$start, landmark)
  score <- coxph(Surv(start, stop, event) ~ exposed, rows, ties = "exact")$score
  object(name = text(name), start = vector(rows$start), stop = vector(rows$stop), event = vector(rows$event),
         exposed = vector(rows$exposed), mantel_byar = number(score), landmark = number(landmark),
         curves = paste0("[", state_curves(rows, "log-log"), ", ", state_curves(rows, "log"), "]"),
         landmark_curves = paste0("[", state_curves(later, "log-log"), "]"))
}
stanford <- data.frame(start = jasa1$start, stop = jasa1$stop, event = jasa1$event, exposed = jasa1$transplant)
split_random <- function(n, digits) {
  time <- round(rexp(n, 0.1), digits) + 10^-digits; event <- rbinom(n, 1, 0.7)
  switch <- round(runif(n, 0, 15), digits); splits <- switch > 0 & switch < time
  rbind(data.frame(start = 0, stop = ifelse(splits, switch, time), event = ifelse(splits, 0, event),
                   exposed = as.numeric(switch == 0)),
        data.frame(start = switch, stop = time, event = event, exposed = 1)[splits, ])
}

set.seed(20220815)
two_arm <- lapply(1:8, function(i) {
  n <- sample(5:9, 1)
  list(name = paste0("random_", i), time = ceiling(rexp(n, 0.15)), status = rbinom(n, 1, 0.7),
       group = c("A", "B", sample(c("A", "B"), n - 2, TRUE)))
})
two_arm <- Filter(function(x) sum(x$status) > 0, two_arm)
ten <- list(name = "seven_v_three", time = c(488, 410, 300, 173, 161, 92, 90, 60, 31, 15),
            status = c(0, 0, 0, 0, 0, 1, 0, 1, 1, 1), group = rep(c("CR", "NR"), c(7, 3)))
curves <- list(list("four_events", c(3, 7, 8, 14), c(1, 1, 1, 1)), list("ten", ten$time, ten$status),
               list("ties", c(1, 1, 2, 2, 2, 3, 4, 4, 6, 7), c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1)),
               list("all_censored", c(2, 5, 9), c(0, 0, 0)), list("one_event", 4, 1),
               list("aml_Maintained", aml$time[1:11], aml$status[1:11]),
               list("ovarian", ovarian$futime, ovarian$fustat))
for (i in 1:4) {
  n <- sample(5:20, 1)
  curves <- c(curves, list(list(paste0("random_", i), round(rexp(n, 0.1), 1) + 0.1, rbinom(n, 1, 0.6))))
}
bands <- unlist(lapply(curves, function(x) lapply(c(0.95, 0.9), function(l) beta_product(x[[1]], x[[2]], x[[3]], l))))
states <- c(time_dependent("stanford_heart_transplant", stanford, 30),
            sapply(1:4, function(i) time_dependent(paste0("random_", i), split_random(20 + 5 * i, i %% 2), 2)))
cat(object(
  source = object(R = text(R.version.string), survival = text(as.character(packageVersion("survival"))),
                  script = text("survival_small_samples.R"),
                  exact_logrank = text("every allocation from combn(), each by survdiff(Surv(time, status) ~ group)"),
                  beta_product = text("Fay & Brittain 2016: product of betas, moments matched, qbeta(), cummin()"),
                  time_dependent = text("survfit(Surv(start, stop, event) ~ exposed); coxph(..., ties = exact)$score; rows of survival::jasa1")),
  exact_logrank = paste0("[", paste(sapply(c(two_arm, list(ten)), function(x) do.call(exact_logrank, x)), collapse = ",\n"), "]"),
  beta_product = paste0("[", paste(bands, collapse = ",\n"), "]"),
  time_dependent = paste0("[", paste(states, collapse = ",\n"), "]")), "\n", sep = "")

# What every program of this folder uses: how a file is read, and how numbers are compared with results/ard.csv.
TOLERANCE <- 1e-9
read <- function(file) {
  found <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE)
  as_number <- function(x) { y <- type.convert(x, as.is = TRUE, na.strings = ""); if (is.numeric(y)) y else x }
  as.data.frame(lapply(found, as_number))
}
results_of <- function(file) {
  read.csv(file, colClasses = "character", na.strings = character(0), encoding = "UTF-8", check.names = FALSE)
}
# The rows of the results where each column named has the value given.
rows_of <- function(ard, ...) {
  at <- list(...)
  for (column in names(at)) ard <- ard[ard[[column]] == at[[column]], ]
  ard
}
count <- c(agree = 0, differ = 0, absent = 0, no_value = 0, more = 0)
# Compare each result with the answer of the same name, level and group. In some contexts the level is in the name.
compare <- function(rows, answers, method, level_in_name = character(0)) {
  names_of <- function(...) paste(..., sep = "\r")
  given <- if (is.null(answers)) character(0) else {
    names_of(substring(answers$operationid, nchar(method) + 2), answers$group1_level, answers$variable_level)
  }
  has_value <- !is.na(answers$stat) | !answers$stat_text %in% c(NA, "")
  met <- integer(0)
  for (i in seq_len(nrow(rows))) {
    row <- rows[i, ]
    in_name <- row$context %in% level_in_name
    parts <- c(row$context, if (in_name) row$variable_level, row$stat_name)
    of_set <- row$context %in% c("analysis_set", "analysis")  # a number of subjects has no other name than N
    if (of_set) parts <- row$stat_name
    name <- paste(parts[parts != ""], collapse = ".")
    level <- if (in_name || of_set) "" else row$variable_level
    at <- match(names_of(name, row$group1_level, level), given)
    met <- c(met, at)
    what <- paste(c(row$analysis_id, row$step, name, row$group1_level, level), collapse = " | ")
    empty <- is.na(at) || !has_value[at]
    verdict <- if (empty && row$error != "") "no_value" else if (is.na(at)) "absent" else {
      if (row$error != "") same <- FALSE
      else if (row$stat == "") same <- identical(answers$stat_text[at], row$stat_text)
      else {
        ours <- as.numeric(row$stat)
        theirs <- answers$stat[at]
        same <- !is.na(theirs) && abs(ours - theirs) <= TOLERANCE * max(1, abs(ours), abs(theirs))
        same <- same || identical(ours, theirs)  # both infinite
      }
      if (same) "agree" else "differ"
    }
    count[verdict] <<- count[verdict] + 1
    if (verdict == "differ") {
      mine <- if (is.na(answers$stat[at])) answers$stat_text[at] else format(answers$stat[at], digits = 15)
      cat("differs:", what, "| ard.csv", if (row$error != "") row$error else if (row$stat == "") row$stat_text else row$stat, "| this program", mine, "\n")
    }
  }
  more <- setdiff(which(has_value), met)
  for (name in given[more]) {
    cat("not in ard.csv:", method, "|", gsub("\r", " | ", name), "\n")
    count["more"] <<- count["more"] + 1
  }
}
finish <- function() {
  differ <- count[["differ"]] + count[["more"]]
  cat(sprintf("%d statistics compared, %d agree, %d differ, %d not in this program, %d without a value in both\n",
    count[["agree"]] + differ, count[["agree"]], differ, count[["absent"]], count[["no_value"]]))
  quit(status = if (differ > 0) 1 else 0)
}

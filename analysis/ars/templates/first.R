# Needs each dataset under its name, with a missing cell as NA. Gives one row a result.
subjects <- subjectshere
groups <- groupshere
found <- list()
say <- function(name, value, level = "", group = "") {
  number <- if (is.character(value)) NA_real_ else as.numeric(value)
  text <- if (is.character(value)) value else NA_character_
  found[[length(found) + 1]] <<- data.frame(
    operationid = paste0("methodidhere.", name), group1_level = group, variable_level = as.character(level),
    stat = number, stat_text = text
  )
}

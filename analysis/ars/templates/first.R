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
# The stratum of each subject: of each list of groups the first it is in, and none where it is in no group of one of them.
strata_of <- function(...) {
  found <- setNames(rep("", length(subjects)), subjects)
  for (groups in list(...)) {
    own <- setNames(rep(NA_character_, length(subjects)), subjects)
    for (name in rev(names(groups))) own[groups[[name]]] <- name
    found <- setNames(ifelse(is.na(found) | is.na(own), NA, paste(found, own)), subjects)
  }
  found
}

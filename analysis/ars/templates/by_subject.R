value <- variablehere
compute <- function(own, group) {
  for (subject in own) {
    cell <- unname(value[subject])
    say("subject.value", if (is.na(cell) && !is.numeric(value)) "" else cell, subject, group)
  }
}

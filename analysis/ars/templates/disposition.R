stages <- stageshere
lost <- losthere
outcomes <- outcomeshere
sets <- setshere
among <- amonghere
left_out <- left_outhere
rest <- resthere
compute <- function(own, group) {
  tell <- function(context, level, who) {
    say(paste0(context, ".n"), length(who), level, group)
    say(paste0(context, ".N"), length(own), level, group)
    if (length(own) > 0) say(paste0(context, ".p"), length(who) / length(own), level, group)
  }
  by_first <- function(context, reasons, who, prefix) {
    for (at in seq_along(reasons)) {
      fits <- intersect(who, reasons[[at]])
      tell(context, paste0(prefix, names(reasons)[at]), fits)
      who <- setdiff(who, fits)
    }
    if (length(who) > 0) tell(context, paste0(prefix, rest), who)
  }
  reached <- list()
  before <- own
  for (at in seq_along(stages)) {
    name <- names(stages)[at]
    inside <- intersect(before, stages[[at]])
    if (length(lost[[at]]) > 0 || length(inside) < length(before)) {
      tell("lost", paste0("Lost before ", name), setdiff(before, inside))
      by_first("lost_by_reason", lost[[at]], setdiff(before, inside), paste0("Lost before ", name, ": "))
    }
    tell("stage", name, inside)
    reached[[at]] <- inside
    before <- inside
  }
  if (length(outcomes) > 0) by_first("outcome", outcomes, before, "")
  for (at in seq_along(sets)) {
    name <- names(sets)[at]
    present <- reached[[among[at]]]
    tell("in_set", name, intersect(present, sets[[at]]))
    missing <- setdiff(present, sets[[at]])
    if (length(left_out[[at]]) > 0 || length(missing) > 0) {
      tell("left_out", paste0("Left out of ", name), missing)
      by_first("left_out_by_reason", left_out[[at]], missing, paste0("Left out of ", name, ": "))
    }
  }
}

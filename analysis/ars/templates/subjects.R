compute <- function(own, group) say("N", length(own))

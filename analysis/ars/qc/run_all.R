# Run every program of this folder: Rscript run_all.R. The status is 1 where one differs or fails.
programs <- setdiff(list.files(pattern = "[.]R$"), c("qc.R", "run_all.R"))
failed <- 0
for (program in programs) {
  cat(program, ": ", sep = "")
  status <- system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", shQuote(program)))
  if (status != 0) failed <- failed + 1
}
cat(sprintf("%d programs, %d differ or failed\n", length(programs), failed))
quit(status = if (failed > 0) 1 else 0)

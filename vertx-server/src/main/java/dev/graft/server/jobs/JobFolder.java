package dev.graft.server.jobs;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.bundle.Bundle;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Json;
import dev.graft.server.access.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Jobs on disk: a folder for each, with {@code job.json} (the record, written whole or not at all),
 * {@code log.txt} (the messages of its processes), {@code out.txt} (the output of the last one) and
 * {@code run} (its run folder).
 */
final class JobFolder {

  private static final String RECORD = "job.json";

  private final Path root;

  JobFolder(Path root) throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
  }

  /** Where the jobs are. */
  Path root() {
    return root;
  }

  Path run(String id) {
    return root.resolve(id).resolve("run");
  }

  Path out(String id) {
    return root.resolve(id).resolve(GraftProcess.OUT);
  }

  Path log(String id) {
    return root.resolve(id).resolve(GraftProcess.LOG);
  }

  Path bundle(String id) {
    return run(id).resolve("bundle");
  }

  /** True if the job's run has come to its end. */
  boolean isDone(String id) throws IOException {
    return Bundle.isAt(bundle(id));
  }

  /** Writes a record. */
  void write(Job job) throws IOException {
    AtomicFiles.write(root.resolve(job.id()).resolve(RECORD), Json.write(job));
  }

  /** Deletes a job, its record last: what a crash leaves is deleted by the next server. */
  void delete(String id) throws IOException {
    AtomicFiles.deleteAll(run(id));
    AtomicFiles.deleteAll(root.resolve(id));
  }

  /** Every job with a record, oldest first. */
  List<Job> read() throws IOException {
    List<Path> records;
    try (Stream<Path> all = Files.list(root)) {
      records =
          all.filter(path -> Names.isName(path.getFileName().toString()))
              .map(path -> path.resolve(RECORD))
              .filter(Files::exists)
              .sorted()
              .toList();
    }
    List<Job> jobs = new ArrayList<>();
    for (Path record : records) {
      jobs.add(Json.read(record, new TypeReference<Job>() {}));
    }
    return jobs;
  }
}

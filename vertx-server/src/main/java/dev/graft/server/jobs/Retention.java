package dev.graft.server.jobs;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Which jobs are kept once they have ended. Others are deleted with their run folders and snapshots
 * when a job ends and when a server starts; versions of models that were made of them stay, and so
 * does the job that was made last, whose number is not given again.
 *
 * @param jobs most that are kept, those that ended last, at least 1
 * @param days for which one is kept after its end, at least 1
 */
public record Retention(int jobs, int days) {

  /** Every job is kept. */
  public static final Retention ALL = new Retention(Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static final Comparator<Job> LATEST_FIRST =
      Comparator.comparingLong((Job job) -> job.status().changed())
          .thenComparing(Job::id)
          .reversed();

  public Retention {
    if (jobs < 1 || days < 1) {
      throw new IllegalArgumentException(
          "%d jobs kept for %d days; give 1 or more of each".formatted(jobs, days));
    }
  }

  /**
   * Those of all jobs that are not kept.
   *
   * @param now milliseconds since 1970
   */
  List<Job> notKept(SortedMap<String, Job> all, long now) {
    List<Job> ended =
        all.values().stream()
            .filter(job -> job.state().isFinal() && job.status().process().alive().isEmpty())
            .sorted(LATEST_FIRST)
            .toList();
    long oldest = now - TimeUnit.DAYS.toMillis(days);
    return IntStream.range(0, ended.size())
        .filter(place -> place >= jobs || ended.get(place).status().changed() < oldest)
        .mapToObj(ended::get)
        .filter(job -> !job.id().equals(all.lastKey()))
        .toList();
  }
}

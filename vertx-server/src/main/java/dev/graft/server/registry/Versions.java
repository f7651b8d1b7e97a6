package dev.graft.server.registry;

import dev.graft.server.access.Refusal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which versions of models are registered, with the digests they have for ever, and which of them
 * answer. Safe for any thread, and for several servers on one database: each of them sees at once
 * what another has written, and lets it answer when it next asks for {@link #promoted()}.
 *
 * <p>Promotions are a history. The last one that has not been undone says which version answers;
 * going back undoes it. Either is one transaction, so that a model always has one answer.
 */
public final class Versions {

  private final Database database;
  private final Clock clock;

  private Versions(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Opens a registry; its tables are made or brought up to date.
   *
   * @throws IOException if the database cannot be reached, or a newer server made its tables
   */
  public static Versions open(DatabaseOptions options, Clock clock) throws IOException {
    return new Versions(Database.open(options), clock);
  }

  /**
   * Pins a version to its digest; nothing happens if it is registered with this one.
   *
   * @throws Refusal if it is registered with another
   */
  public void register(String model, int version, String digest) throws IOException {
    Optional<String> present =
        database.transaction(
            connection -> {
              Optional<String> found = digest(connection, model, version);
              if (found.isEmpty()) {
                insert(connection, model, version, digest);
              }
              return found;
            });
    if (present.isPresent() && !present.get().equals(digest)) {
      throw Refusal.precondition(
          "version %d of model '%s' is registered with other content; take another version",
          version, model);
    }
  }

  private void insert(Connection connection, String model, int version, String digest)
      throws SQLException {
    String sql = "insert into model_version (model, version, digest, registered) values (?,?,?,?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, model);
      statement.setInt(2, version);
      statement.setString(3, digest);
      statement.setTimestamp(4, Timestamp.from(clock.instant()));
      var unused = statement.executeUpdate();
    }
  }

  /**
   * Takes a version out again that was never promoted.
   *
   * @return true if the version is not registered now; false if it was promoted, and stays
   */
  public boolean forget(String model, int version) throws IOException {
    return database.transaction(
        connection -> {
          String sql =
              "delete from model_version where model = ? and version = ? and not exists"
                  + " (select 1 from promotion where promotion.model = model_version.model"
                  + " and promotion.version = model_version.version)";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, model);
            statement.setInt(2, version);
            var unused = statement.executeUpdate();
          }
          return digest(connection, model, version).isEmpty();
        });
  }

  /** The digest that a version is pinned to, if it is registered. */
  public Optional<String> digest(String model, int version) throws IOException {
    return database.transaction(connection -> digest(connection, model, version));
  }

  private static Optional<String> digest(Connection connection, String model, int version)
      throws SQLException {
    String sql = "select digest from model_version where model = ? and version = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, model);
      statement.setInt(2, version);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  /** The version of a model with a digest, if one is registered; the newest of several. */
  public OptionalInt version(String model, String digest) throws IOException {
    return database.transaction(
        connection -> {
          String sql = "select max(version) from model_version where model = ? and digest = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, model);
            statement.setString(2, digest);
            try (ResultSet rows = statement.executeQuery()) {
              int found = rows.next() ? rows.getInt(1) : 0;
              return found == 0 ? OptionalInt.empty() : OptionalInt.of(found);
            }
          }
        });
  }

  /** The versions that answer, by model; those for which none was ever promoted are absent. */
  public SortedMap<String, Integer> promoted() throws IOException {
    return database.transaction(
        connection -> {
          String sql =
              "select model, version from promotion where id in"
                  + " (select max(id) from promotion where undone is null group by model)";
          SortedMap<String, Integer> promoted = new TreeMap<>();
          try (PreparedStatement statement = connection.prepareStatement(sql);
              ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              promoted.put(rows.getString(1), rows.getInt(2));
            }
          }
          return promoted;
        });
  }

  /** The version that answers for a model, if one was ever promoted. */
  public OptionalInt promoted(String model) throws IOException {
    List<Standing> standing = database.transaction(connection -> standing(connection, model));
    return standing.isEmpty() ? OptionalInt.empty() : OptionalInt.of(standing.get(0).version);
  }

  /**
   * Lets a registered version answer; nothing happens if it does.
   *
   * @throws Refusal if it is not registered
   */
  public Promotion promote(String model, int version) throws IOException {
    return database.transaction(
        connection -> {
          lock(connection, model);
          String digest =
              digest(connection, model, version)
                  .orElseThrow(() -> Refusal.notFound("no version %d of '%s'", version, model));
          List<Standing> standing = standing(connection, model);
          if (!standing.isEmpty() && standing.get(0).version == version) {
            int previous = standing.size() > 1 ? standing.get(1).version : 0;
            return new Promotion(model, version, previous, digest);
          }
          String sql = "insert into promotion (model, version, promoted) values (?, ?, ?)";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, model);
            statement.setInt(2, version);
            statement.setTimestamp(3, Timestamp.from(clock.instant()));
            var unused = statement.executeUpdate();
          }
          int previous = standing.isEmpty() ? 0 : standing.get(0).version;
          return new Promotion(model, version, previous, digest);
        });
  }

  /**
   * The version that would answer after {@link #rollback}.
   *
   * @throws Refusal if there is none
   */
  public int beforeLast(String model) throws IOException {
    return earlier(model, database.transaction(connection -> standing(connection, model))).version;
  }

  /**
   * Undoes the last promotion of a model that has not been undone.
   *
   * @throws Refusal if nothing answered before it
   */
  public Promotion rollback(String model) throws IOException {
    return database.transaction(
        connection -> {
          lock(connection, model);
          List<Standing> standing = standing(connection, model);
          Standing earlier = earlier(model, standing);
          String sql = "update promotion set undone = ? where id = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setTimestamp(1, Timestamp.from(clock.instant()));
            statement.setLong(2, standing.get(0).id);
            var unused = statement.executeUpdate();
          }
          String digest = digest(connection, model, earlier.version).orElseThrow();
          return new Promotion(model, earlier.version, standing.get(0).version, digest);
        });
  }

  private static Standing earlier(String model, List<Standing> standing) {
    if (standing.size() < 2) {
      throw Refusal.precondition("nothing answered for model '%s' before", model);
    }
    return standing.get(1);
  }

  /** A promotion that has not been undone. */
  private record Standing(long id, int version) {}

  /** The last two, the newest first. */
  private static List<Standing> standing(Connection connection, String model) throws SQLException {
    String sql =
        "select id, version from promotion where model = ? and undone is null"
            + " order by id desc fetch first 2 rows only";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, model);
      List<Standing> standing = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          standing.add(new Standing(rows.getLong(1), rows.getInt(2)));
        }
      }
      return standing;
    }
  }

  /** Lets other transactions on the versions of this model wait. */
  private static void lock(Connection connection, String model) throws SQLException {
    String sql = "select version from model_version where model = ? for update";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, model);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          // Each row that is read is locked.
        }
      }
    }
  }
}

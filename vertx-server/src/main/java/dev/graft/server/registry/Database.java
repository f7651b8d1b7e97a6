package dev.graft.server.registry;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * A database whose tables are of this version. A connection is made for each use: promotions are
 * rare, and a database that was restarted in between is no trouble.
 */
final class Database {

  private static final String MIGRATIONS = "classpath:dev/graft/server/registry";
  private static final String HISTORY = "graft_schema_history";

  private final DatabaseOptions options;

  private Database(DatabaseOptions options) {
    this.options = options;
  }

  /**
   * Opens a database and brings its tables up to date.
   *
   * @throws IOException if it cannot be reached, or a newer server made its tables
   */
  static Database open(DatabaseOptions options) throws IOException {
    try {
      var unused =
          Flyway.configure(Database.class.getClassLoader())
              .dataSource(options.url(), options.user(), options.password())
              .locations(MIGRATIONS)
              .table(HISTORY)
              .baselineOnMigrate(false)
              .load()
              .migrate();
      return new Database(options);
    } catch (FlywayException e) {
      throw new IOException("the registry '%s' cannot be opened".formatted(options), e);
    }
  }

  /** What is done in one transaction. */
  interface Work<T> {

    T in(Connection connection) throws SQLException;
  }

  /**
   * Does something whole or not at all.
   *
   * @throws IOException if the database fails or cannot be reached
   */
  <T> T transaction(Work<T> work) throws IOException {
    try (Connection connection =
        DriverManager.getConnection(options.url(), options.user(), options.password())) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("the registry '%s' failed".formatted(options), e);
    }
  }
}

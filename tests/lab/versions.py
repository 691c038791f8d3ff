"""What servers of the MySQL family answer, as data for scripted.py.

Values are those of a server started without options. `measured` says that they were read from a
real server of that version; otherwise the manual of the product says so, at the address given.
"""

from dataclasses import dataclass, field

MYSQL_MANUAL = "https://dev.mysql.com/doc/refman/{}/en/"
MARIADB_MANUAL = "https://mariadb.com/docs/server/"


@dataclass(frozen=True)
class Preset:
    """One version of one product."""

    name: str
    version: str
    source: str
    # Global variables, as SHOW GLOBAL VARIABLES prints them; a name that is not here does not exist.
    variables: dict
    # Session variables that the version lets an account without further rights set.
    settable: tuple
    # The status statements that the version knows, and the columns of their answers.
    status: dict
    # What stands before the version in the greeting, which MariaDB up to 10 needs to be replicated
    # from by MySQL.
    greeting_prefix: str = ""
    # The product's name in messages.
    product: str = "MySQL"
    # SET SESSION TRANSACTION READ ONLY and START TRANSACTION READ ONLY came with MySQL 5.6.5.
    read_only_transactions: bool = True
    # Rows of the status statements; empty on a server that replicates from nobody.
    status_rows: dict = field(default_factory=dict)


# --- columns of the replica's status ---------------------------------------------------------------

# The first forty are the same everywhere since MySQL 5.5 (measured on 5.6.24 and MariaDB 10.11).
SLAVE_STATUS_COMMON = (
    "Slave_IO_State", "Master_Host", "Master_User", "Master_Port", "Connect_Retry",
    "Master_Log_File", "Read_Master_Log_Pos", "Relay_Log_File", "Relay_Log_Pos",
    "Relay_Master_Log_File", "Slave_IO_Running", "Slave_SQL_Running", "Replicate_Do_DB",
    "Replicate_Ignore_DB", "Replicate_Do_Table", "Replicate_Ignore_Table",
    "Replicate_Wild_Do_Table", "Replicate_Wild_Ignore_Table", "Last_Errno", "Last_Error",
    "Skip_Counter", "Exec_Master_Log_Pos", "Relay_Log_Space", "Until_Condition",
    "Until_Log_File", "Until_Log_Pos", "Master_SSL_Allowed", "Master_SSL_CA_File",
    "Master_SSL_CA_Path", "Master_SSL_Cert", "Master_SSL_Cipher", "Master_SSL_Key",
    "Seconds_Behind_Master", "Master_SSL_Verify_Server_Cert", "Last_IO_Errno", "Last_IO_Error",
    "Last_SQL_Errno", "Last_SQL_Error", "Replicate_Ignore_Server_Ids", "Master_Server_Id",
)
# Measured on 5.6.24.
SLAVE_STATUS_56 = SLAVE_STATUS_COMMON + (
    "Master_UUID", "Master_Info_File", "SQL_Delay", "SQL_Remaining_Delay",
    "Slave_SQL_Running_State", "Master_Retry_Count", "Master_Bind", "Last_IO_Error_Timestamp",
    "Last_SQL_Error_Timestamp", "Master_SSL_Crl", "Master_SSL_Crlpath", "Retrieved_Gtid_Set",
    "Executed_Gtid_Set", "Auto_Position",
)
SLAVE_STATUS_57 = SLAVE_STATUS_56 + (
    "Replicate_Rewrite_DB", "Channel_Name", "Master_TLS_Version",
)
SLAVE_STATUS_80 = SLAVE_STATUS_57 + (
    "Master_public_key_path", "Get_master_public_key", "Network_Namespace",
)


def renamed(columns):
    """The names of SHOW REPLICA STATUS in MySQL: as 9.7.4 was measured to print them."""
    return tuple(
        name.replace("Slave", "Replica").replace("Master", "Source").replace("master", "Source")
        for name in columns
    )


REPLICA_STATUS_80 = renamed(SLAVE_STATUS_80)

# Measured on MariaDB 10.11; Replicate_Rewrite_DB is new there.
MARIADB_STATUS_103 = SLAVE_STATUS_COMMON + (
    "Master_SSL_Crl", "Master_SSL_Crlpath", "Using_Gtid", "Gtid_IO_Pos",
    "Replicate_Do_Domain_Ids", "Replicate_Ignore_Domain_Ids", "Parallel_Mode", "SQL_Delay",
    "SQL_Remaining_Delay", "Slave_SQL_Running_State", "Slave_DDL_Groups",
    "Slave_Non_Transactional_Groups", "Slave_Transactional_Groups",
)
MARIADB_STATUS_1011 = MARIADB_STATUS_103 + ("Replicate_Rewrite_DB",)


def all_slaves(columns):
    """SHOW ALL SLAVES STATUS has a column in front that names the connection, and more behind."""
    return ("Connection_name", "Slave_SQL_State") + columns + (
        "Retried_transactions", "Max_relay_log_size", "Executed_log_entries",
        "Slave_received_heartbeats", "Slave_heartbeat_period", "Gtid_Slave_Pos",
    )


MASTER_STATUS_5 = ("File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB", "Executed_Gtid_Set")
MASTER_STATUS_4 = MASTER_STATUS_5[:4]

# --- variables -------------------------------------------------------------------------------------

OLD_VARIABLES = {
    "version_comment": "MySQL Community Server (GPL)",
    "log_bin": "OFF",
    "binlog_format": "STATEMENT",
    "server_id": "0",
    "log_slave_updates": "OFF",
    "innodb_stats_on_metadata": "OFF",
    "event_scheduler": "OFF",
    "character_set_server": "latin1",
    "lower_case_table_names": "0",
    "binlog_row_image": "FULL",
    "read_only": "OFF",
}
VARIABLES_55 = {
    **{name: value for name, value in OLD_VARIABLES.items() if name != "binlog_row_image"},
    # ON until 5.6.6.
    "innodb_stats_on_metadata": "ON",
}
VARIABLES_56 = {**OLD_VARIABLES, "gtid_mode": "OFF", "enforce_gtid_consistency": "OFF"}
# ROW since 5.7.7.
VARIABLES_57 = {**VARIABLES_56, "binlog_format": "ROW", "super_read_only": "OFF"}
VARIABLES_80 = {
    **VARIABLES_57,
    "version_comment": "MySQL Community Server - GPL",
    "log_bin": "ON",
    "server_id": "1",
    "log_slave_updates": "ON",
    # Beside the old name since 8.0.26.
    "log_replica_updates": "ON",
    "event_scheduler": "ON",
    "character_set_server": "utf8mb4",
    "binlog_row_metadata": "MINIMAL",
    "information_schema_stats_expiry": "86400",
}
VARIABLES_97 = {
    **VARIABLES_80, "version_comment": "(Debian)", "gtid_mode": "ON",
    "enforce_gtid_consistency": "ON",
}
VARIABLES_MARIADB = {
    **OLD_VARIABLES,
    "version_comment": "MariaDB Server",
    "binlog_format": "MIXED",
    "server_id": "1",
    "gtid_strict_mode": "OFF",
    "gtid_domain_id": "0",
}
# Since 10.5.
VARIABLES_MARIADB_105 = {**VARIABLES_MARIADB, "binlog_row_metadata": "NO_LOG"}

SETTABLE = (
    "lock_wait_timeout", "innodb_lock_wait_timeout", "wait_timeout", "net_read_timeout",
    "net_write_timeout", "sql_mode", "time_zone", "autocommit", "sql_select_limit",
    "character_set_results", "group_concat_max_len",
)
SETTABLE_56 = SETTABLE + ("tx_read_only", "tx_isolation")
# max_execution_time came with 5.7.8, transaction_read_only with 5.7.20.
SETTABLE_57 = SETTABLE_56 + ("max_execution_time", "transaction_read_only", "transaction_isolation")
SETTABLE_80 = SETTABLE + (
    "max_execution_time", "transaction_read_only", "transaction_isolation",
    "information_schema_stats_expiry",
)
# max_statement_time came with 10.1.1, transaction_read_only with 11.1.
SETTABLE_MARIADB = SETTABLE_56 + ("max_statement_time",)
SETTABLE_MARIADB_118 = SETTABLE_MARIADB + ("transaction_read_only", "transaction_isolation")

# --- the presets -----------------------------------------------------------------------------------


def mariadb(name, version, columns, replica_words=True, **more):
    status = {
        "SHOW SLAVE STATUS": columns,
        "SHOW ALL SLAVES STATUS": all_slaves(columns),
        "SHOW MASTER STATUS": MASTER_STATUS_4,
    }
    if replica_words:
        # REPLICA came with 10.5.1, as another word with the same answer.
        status["SHOW REPLICA STATUS"] = columns
        status["SHOW ALL REPLICAS STATUS"] = all_slaves(columns)
        status["SHOW BINLOG STATUS"] = MASTER_STATUS_4
    settings = {
        "variables": VARIABLES_MARIADB_105 if replica_words else VARIABLES_MARIADB,
        "settable": SETTABLE_MARIADB, "product": "MariaDB", "greeting_prefix": "5.5.5-",
        "source": MARIADB_MANUAL, **more,
    }
    return Preset(name=name, version=version, status=status, **settings)


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            name="mysql55", version="5.5.62", source=MYSQL_MANUAL.format("5.5"),
            variables=VARIABLES_55, settable=SETTABLE, read_only_transactions=False,
            status={"SHOW SLAVE STATUS": SLAVE_STATUS_COMMON,
                    "SHOW MASTER STATUS": MASTER_STATUS_4},
        ),
        Preset(
            name="mysql56", version="5.6.24", source="measured on 5.6.24",
            variables=VARIABLES_56, settable=SETTABLE_56,
            status={"SHOW SLAVE STATUS": SLAVE_STATUS_56, "SHOW MASTER STATUS": MASTER_STATUS_5},
        ),
        Preset(
            name="mysql57", version="5.7.44", source=MYSQL_MANUAL.format("5.7"),
            variables=VARIABLES_57, settable=SETTABLE_57,
            status={"SHOW SLAVE STATUS": SLAVE_STATUS_57, "SHOW MASTER STATUS": MASTER_STATUS_5},
        ),
        Preset(
            name="mysql80", version="8.0.36", source=MYSQL_MANUAL.format("8.0"),
            variables=VARIABLES_80, settable=SETTABLE_80,
            status={"SHOW SLAVE STATUS": SLAVE_STATUS_80,
                    "SHOW REPLICA STATUS": REPLICA_STATUS_80,
                    "SHOW MASTER STATUS": MASTER_STATUS_5},
        ),
        Preset(
            name="mysql84", version="8.4.3", source=MYSQL_MANUAL.format("8.4"),
            variables=VARIABLES_80, settable=SETTABLE_80,
            status={"SHOW REPLICA STATUS": REPLICA_STATUS_80,
                    "SHOW BINARY LOG STATUS": MASTER_STATUS_5},
        ),
        Preset(
            name="mysql97", version="9.7.4-2", source="measured on 9.7.4",
            variables=VARIABLES_97, settable=SETTABLE_80,
            status={"SHOW REPLICA STATUS": REPLICA_STATUS_80,
                    "SHOW BINARY LOG STATUS": MASTER_STATUS_5},
        ),
        mariadb("mariadb103", "10.3.39-MariaDB", MARIADB_STATUS_103, replica_words=False),
        mariadb("mariadb106", "10.6.18-MariaDB", MARIADB_STATUS_103),
        mariadb("mariadb1011", "10.11.19-MariaDB-0+deb12u1", MARIADB_STATUS_1011,
                variables={**VARIABLES_MARIADB_105, "version_comment": "Debian 12"},
                source="measured on 10.11"),
        mariadb("mariadb118", "11.8.6-MariaDB-0+deb13u1 from Debian", MARIADB_STATUS_1011,
                variables={
                    **VARIABLES_MARIADB_105, "character_set_server": "utf8mb4",
                    "version_comment":
                        "-- Please help get to 10k stars at https://github.com/MariaDB/Server",
                },
                settable=SETTABLE_MARIADB_118, greeting_prefix="",
                source="variables measured on 11.8.6; columns as on 10.11"),
    )
}

REPLICA_ROW = {
    "Slave_IO_State": "Waiting for master to send event", "Master_Host": "10.0.0.9",
    "Master_User": "repl", "Master_Port": "3306", "Connect_Retry": "60",
    "Master_Log_File": "binlog.000003", "Read_Master_Log_Pos": "4",
    "Relay_Log_File": "relay.000002", "Relay_Log_Pos": "4",
    "Relay_Master_Log_File": "binlog.000003", "Slave_IO_Running": "Yes",
    "Slave_SQL_Running": "Yes", "Last_Errno": "0", "Skip_Counter": "0",
    "Exec_Master_Log_Pos": "4", "Relay_Log_Space": "4", "Until_Condition": "None",
    "Until_Log_Pos": "0", "Master_SSL_Allowed": "No", "Seconds_Behind_Master": "0",
    "Last_IO_Errno": "0", "Last_SQL_Errno": "0", "Master_Server_Id": "9",
}


def replica_row(columns, **values):
    """A row of a replica's status for any of the columns' spellings."""
    known = dict(REPLICA_ROW)
    known.update(zip(renamed(tuple(REPLICA_ROW)), REPLICA_ROW.values()))
    known.update(values)
    return tuple(known.get(column, "") for column in columns)

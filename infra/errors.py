"""Errors with a message for the user: one or two lines, never a traceback.

PortfolioError
├── CommandLineError      the command line is wrong: exit code 2, for all others 1
├── ToolMissingError      a required program is not installed
├── SettingsError         a stage's settings are wrong
├── AccountError          the AWS credentials are missing, or belong to another account
├── ContractError         the function's environment or routes do not fit the backend
├── PackageError          the zip cannot be built, or must not be used
├── CheckError            a check of `portfolio validate` failed
├── LocalStageError       the local stage cannot start or continue
├── StackError            a stack cannot be found, read or changed
├── AdoptionError         existing resources prevent a stage, or cannot be read
├── LogsError             a stage's logs cannot be read as requested
├── SecretError           a secret cannot be kept, or is not one of the backend's
├── OwnerError            a stage's users cannot be changed as requested
├── SampleError           the sample content cannot be written
├── ContentError          content cannot be exported, or not be imported
├── MigrationError        old content cannot be read or carried over
├── InvocationError       a stage cannot be called as requested
├── ProbeError            the contract suite cannot run
├── DiagramError          a diagram cannot be written
└── NewProjectError       a new project cannot be made as requested
"""


class PortfolioError(Exception):
    """Base of all errors for the user; the message names problem, place and next step."""


class CommandLineError(PortfolioError):
    """The command line is wrong: an option's value, or options that do not go together."""


class ToolMissingError(PortfolioError):
    """A required program is not installed."""


class GitError(PortfolioError):
    """A command of git fails."""


class SettingsError(PortfolioError):
    """A stage's settings are wrong."""


class AccountError(PortfolioError):
    """The AWS credentials are missing, or belong to an account the stage does not allow."""


class ContractError(PortfolioError):
    """The program and the backend do not fit: environment variables or routes."""


class PackageError(PortfolioError):
    """The zip cannot be built, or must not be used."""


class CheckError(PortfolioError):
    """A check of `portfolio validate` failed."""


class LocalStageError(PortfolioError):
    """The local stage cannot start, or cannot continue."""


class StackError(PortfolioError):
    """A stack cannot be found, read or changed."""


class AdoptionError(PortfolioError):
    """Existing AWS resources prevent a stage, or cannot be read."""


class LogsError(PortfolioError):
    """A stage's logs cannot be read, or not as requested."""


class TracesError(PortfolioError):
    """A stage's traces cannot be read, or not as requested."""


class SecretError(PortfolioError):
    """A secret cannot be kept, or the backend's settings do not have it."""


class OwnerError(PortfolioError):
    """A stage's users cannot be changed, or not as requested."""


class SampleError(PortfolioError):
    """The sample content cannot be written."""


class ContentError(PortfolioError):
    """A stage's content cannot be exported, or a file cannot be imported."""


class MigrationError(PortfolioError):
    """The content of the SAM deployment cannot be read, or cannot be carried over."""


class InvocationError(PortfolioError):
    """A stage cannot be called as requested."""


class ProbeError(PortfolioError):
    """The contract suite cannot run, or its API does not answer."""


class DiagramError(PortfolioError):
    """A diagram cannot be written."""


class NewProjectError(PortfolioError):
    """A new project cannot be made, or not as requested."""
